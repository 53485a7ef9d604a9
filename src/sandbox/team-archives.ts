import { buildArchive, EMPTY_ARCHIVE, type Archive } from './archive.js';
import type { SandboxSettings } from './options.js';

/** What each team's exports deliver: the same bytes every time, made and held once. */
export class TeamArchives {
  readonly #settings: SandboxSettings;
  readonly #closing: AbortSignal;
  readonly #made = new Map<string, Promise<Archive>>();

  constructor(settings: SandboxSettings, closing: AbortSignal) {
    this.#settings = settings;
    this.#closing = closing;
  }

  async of(teamId: string): Promise<Archive> {
    const made = this.#made.get(teamId) ?? this.#make(teamId);
    this.#made.set(teamId, made);
    return made;
  }

  async #make(teamId: string): Promise<Archive> {
    const { seed, fileSize, failures } = this.#settings;
    const failure = failures.get(teamId);
    if (failure === 'EMPTY_FILE') return EMPTY_ARCHIVE;
    return buildArchive({
      seed: `${seed}/${teamId}`,
      size: fileSize,
      corrupt: failure === 'CORRUPT_FILE',
      signal: this.#closing,
    });
  }
}
