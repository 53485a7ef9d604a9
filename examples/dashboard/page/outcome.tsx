import type { DatasaurExportError, ReadyFile, TeamOverviewExport } from 'datasaur-export/react';
import { useEffect, useState } from 'react';
import { formatMoment, formatSize } from './formats.js';

/** How it ended, and what can be done now. */
export function Outcome({ overview }: { overview: TeamOverviewExport }) {
  if (overview.status === 'ready') return <Download file={overview.file} />;
  if (overview.status === 'failed') return <Problem error={overview.error} />;
  if (overview.status === 'mailed')
    return <p className="note">Datasaur mails the file to the owner of the access token when it is made.</p>;
  return null;
}

function Download({ file: { url, fileName, size, expiresAt } }: { file: ReadyFile }) {
  const expired = useIsPast(expiresAt);
  const name = fileName === '' ? 'the file' : fileName;
  if (expired) return <p className="note">The link to {name} has expired. Export again for a fresh one.</p>;
  return (
    <div className="download">
      <a className="button primary" href={url} download={fileName} rel="noreferrer">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2v8.5m0 0L4.5 7M8 10.5 11.5 7M2.5 13.5h11" />
        </svg>
        Download
        <span className="visually-hidden"> {name}</span>
      </a>
      <p className="file">
        <span className="file-name">{name}</span>
        <span className="file-facts">
          {formatSize(size)}
          {expiresAt !== null && (
            <>
              , link works until <time dateTime={expiresAt.toISOString()}>{formatMoment(expiresAt)}</time>
            </>
          )}
        </span>
      </p>
    </div>
  );
}

function Problem({ error: { code, message, hint } }: { error: DatasaurExportError }) {
  return (
    <div className="problem" data-code={code}>
      <code>{code}</code>
      <p className="message">{message}</p>
      {hint !== '' && <p className="hint">{hint}</p>}
    </div>
  );
}

/** The longest that a timer can be told to wait. */
const longest = 2 ** 31 - 1;

function useIsPast(moment: Date | null): boolean {
  const [past, setPast] = useState(moment !== null && moment.getTime() <= Date.now());
  const time = moment?.getTime() ?? null;
  useEffect(() => {
    setPast(time !== null && time <= Date.now());
    if (time === null || time - Date.now() > longest) return;
    const timer = setTimeout(() => {
      setPast(true);
    }, time - Date.now());
    return () => {
      clearTimeout(timer);
    };
  }, [time]);
  return past;
}
