import { useEffect, useRef } from 'react';
import type { ExportSettings } from './team-row.js';

interface ToolbarProps {
  settings: ExportSettings;
  onSettings: (settings: ExportSettings) => void;
  /** How many of the teams that may export are selected. */
  selected: number;
  of: number;
  onSelectAll: (selected: boolean) => void;
  onExport: () => void;
}

const patience = [
  ['30s', '30 s'],
  ['2m', '2 min'],
  ['15m', '15 min'],
  ['2h', '2 h'],
] as const;

const methods = [
  ['FILE_STORAGE', 'Download'],
  ['EMAIL', 'E-mail'],
] as const;

export function Toolbar({ settings, onSettings, selected, of, onSelectAll, onExport }: ToolbarProps) {
  const all = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (all.current !== null) all.current.indeterminate = selected > 0 && selected < of;
  }, [selected, of]);
  return (
    <div className="toolbar">
      <label className="select select-all">
        <input
          type="checkbox"
          ref={all}
          checked={selected === of && of > 0}
          disabled={of === 0}
          onChange={(event) => {
            onSelectAll(event.target.checked);
          }}
        />
        <span>Select all</span>
      </label>
      <fieldset className="choice">
        <legend>Deliver by</legend>
        {methods.map(([method, label]) => (
          <label key={method}>
            <input
              type="radio"
              name="method"
              checked={settings.method === method}
              onChange={() => {
                onSettings({ ...settings, method });
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <label className="patience">
        Wait at most
        <select
          value={settings.timeout}
          onChange={(event) => {
            onSettings({ ...settings, timeout: event.target.value });
          }}
        >
          {patience.map(([timeout, label]) => (
            <option key={timeout} value={timeout}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button primary export-selected"
        aria-disabled={selected === 0}
        onClick={() => {
          if (selected > 0) onExport();
        }}
      >
        Export selected{selected > 0 && ` (${selected})`}
      </button>
    </div>
  );
}
