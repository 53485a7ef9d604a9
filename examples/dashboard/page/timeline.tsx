import { formatDuration, type Attempt } from 'datasaur-export/react';
import { answerKinds, kindOf, Mark, meanings } from './answers.js';
import { axisEnd, placeOf, tickLabel, ticksOf } from './time-scale.js';

interface TimelineProps {
  attempts: readonly Attempt[];
  /** Milliseconds. */
  elapsed: number;
  /** Whether there is more to come. */
  live: boolean;
}

const percent = (place: number): string => `${(place * 100).toFixed(2)}%`;

/** Each look at the file's host, placed by when it was, shaped and coloured by what came back. */
export function Timeline({ attempts, elapsed, live }: TimelineProps) {
  const end = axisEnd(elapsed);
  return (
    <div className="timeline">
      <div className="track" role="img" aria-label={`Timeline: ${summary(attempts)}`}>
        <span className="past" style={{ width: percent(placeOf(elapsed, end)) }} data-live={live} />
        {attempts.map((attempt) => (
          <span
            key={attempt.number}
            className="attempt"
            style={{ left: percent(placeOf(attempt.elapsed, end)) }}
            title={`${formatDuration(attempt.elapsed)}: ${attempt.seen}`}
          >
            <Mark kind={kindOf(attempt)} />
          </span>
        ))}
      </div>
      <div className="ticks" aria-hidden="true">
        <span style={{ left: 0 }}>0</span>
        {ticksOf(end).map((tick) => (
          <span key={tick} style={{ left: percent(placeOf(tick, end)) }}>
            {tickLabel(tick)}
          </span>
        ))}
      </div>
      <Counts attempts={attempts} />
    </div>
  );
}

/** The same in words, and every attempt for those who want to know. */
function Counts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return <p className="counts">No answer from the file host yet.</p>;
  return (
    <details className="attempts">
      <summary>
        <span className="visually-hidden">Every attempt: </span>
        <span className="counts">
          {countsOf(attempts).map(({ kind, count }) => (
            <span key={kind} className="count">
              <Mark kind={kind} /> {count} × {meanings[kind]}
            </span>
          ))}
        </span>
        <svg className="chevron" viewBox="0 0 16 16" aria-hidden="true">
          <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
        </svg>
      </summary>
      {/* Can be scrolled with the keyboard, too. */}
      <div className="scroll" role="region" aria-label="Attempts" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Attempt</th>
              <th scope="col">After</th>
              <th scope="col">Answer</th>
            </tr>
          </thead>
          <tbody>
            {attempts.map((attempt) => (
              <tr key={attempt.number}>
                <td>{attempt.number}</td>
                <td>{formatDuration(attempt.elapsed)}</td>
                <td>{attempt.seen}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function countsOf(attempts: readonly Attempt[]) {
  return answerKinds
    .map((kind) => ({ kind, count: attempts.filter((attempt) => kindOf(attempt) === kind).length }))
    .filter(({ count }) => count > 0);
}

function summary(attempts: readonly Attempt[]): string {
  const counts = countsOf(attempts).map(({ kind, count }) => `${count} × ${meanings[kind]}`);
  return counts.length === 0 ? 'no attempt yet' : counts.join('; ');
}
