/**
 * How many attempts, and openings that nobody has taken yet, one origin gets at a time from this process; and how many
 * looks at a delivery status there are at a time.
 */
export const attemptsPerOrigin = 64;

/** A place in the line for one origin. */
export interface Ticket {
  /** Resolves when it is this attempt's turn; never rejects, and never resolves after {@link leave}. */
  granted: Promise<void>;
  /** Gives the place back, or up. Idempotent. */
  leave: () => void;
}

interface Line {
  inside: number;
  /** First come, first served. */
  waiting: Set<() => void>;
}

const lines = new Map<string, Line>();

/**
 * Lines up for an attempt. A thousand waits that all ask at once would open a thousand sockets, each with its buffers and
 * its TLS handshake, and be taken for an attack; sixty-four keep a host as busy as anyone should.
 *
 * @param origin as `URL` gives it, or the name of another line
 */
export function lineUp(origin: string): Ticket {
  const line = lines.get(origin) ?? { inside: 0, waiting: new Set() };
  lines.set(origin, line);
  let leave = (): void => undefined;
  const granted = new Promise<void>((resolve) => {
    const enter = (): void => {
      line.inside += 1;
      leave = () => {
        line.inside -= 1;
        callNext(origin, line);
      };
      resolve();
    };
    leave = () => void line.waiting.delete(enter);
    if (line.inside < attemptsPerOrigin) enter();
    else line.waiting.add(enter);
  });
  return {
    granted,
    leave: () => {
      const once = leave;
      leave = () => undefined;
      once();
    },
  };
}

function callNext(origin: string, line: Line): void {
  const [next] = line.waiting;
  if (next === undefined) {
    if (line.inside === 0) lines.delete(origin);
    return;
  }
  line.waiting.delete(next);
  next();
}
