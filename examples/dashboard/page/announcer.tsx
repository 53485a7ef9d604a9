import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';

interface Line {
  key: number;
  text: string;
}

const Announce = createContext<(text: string) => void>(() => undefined);

/** Reads `text` out to whoever uses a screen reader, when what they are hearing now is over. */
export function useAnnounce(): (text: string) => void {
  return useContext(Announce);
}

/** One place for all announcements: those of two exports that end together are both read. */
export function Announcer({ children }: { children: ReactNode }) {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const announce = useCallback((text: string) => {
    setLines((before) => [...before, { key: (before.at(-1)?.key ?? 0) + 1, text }].slice(-10));
  }, []);
  return (
    <Announce value={announce}>
      {children}
      <div role="log" aria-label="Announcements" aria-live="polite" className="visually-hidden">
        {lines.map(({ key, text }) => (
          <p key={key}>{text}</p>
        ))}
      </div>
    </Announce>
  );
}
