import type { Attempt } from 'datasaur-export/react';
import type { ReactNode } from 'react';

export type AnswerKind = 'there' | 'missing' | 'forbidden' | 'overloaded' | 'silent' | 'other';

/** What each kind of answer means, in the order of the legend. */
export const meanings: Readonly<Record<AnswerKind, string>> = {
  missing: '404 not there yet',
  forbidden: '403 no access',
  overloaded: '429 or 5xx busy',
  silent: 'no answer',
  other: 'another answer',
  there: '206 the file',
};

export const answerKinds = Object.keys(meanings) as readonly AnswerKind[];

/** Shapes as well as colours: not everyone sees the same colours. */
const shapes: Readonly<Record<AnswerKind, ReactNode>> = {
  there: (
    <>
      <circle cx="8" cy="8" r="7.25" />
      <path className="on-mark" d="m4.6 8.2 2.3 2.3 4.5-4.8" />
    </>
  ),
  missing: <circle className="hollow" cx="8" cy="8" r="4" />,
  forbidden: <path d="M8 2.5 13.5 8 8 13.5 2.5 8Z" />,
  overloaded: <path d="M8 2.6 14 13H2Z" />,
  silent: <path className="hollow" d="m4 4 8 8m0-8-8 8" />,
  other: <rect x="3" y="3" width="10" height="10" rx="1" />,
};

export function kindOf({ seen, ready }: Attempt): AnswerKind {
  if (ready) return 'there';
  if (seen.startsWith('404')) return 'missing';
  if (seen.startsWith('403')) return 'forbidden';
  if (/^(429|5\d\d)/.test(seen)) return 'overloaded';
  return /^\d{3}/.test(seen) ? 'other' : 'silent';
}

export function Mark({ kind }: { kind: AnswerKind }) {
  return (
    <svg className={`mark mark-${kind}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[kind]}
    </svg>
  );
}

export function Legend() {
  return (
    <section className="legend" aria-labelledby="legend">
      <h2 id="legend">What the marks on a timeline mean</h2>
      <ul>
        {answerKinds.map((kind) => (
          <li key={kind}>
            <Mark kind={kind} /> {meanings[kind]}
          </li>
        ))}
      </ul>
    </section>
  );
}
