import { typedError } from '../errors/index.js';
import { systemClock, type Clock } from '../readiness/clock.js';
import type { Attempt } from '../readiness/index.js';
import { notLoaded, startedInRender } from './export-errors.js';
import {
  idle,
  isUnderWay,
  nextState,
  type ExportEvent,
  type TeamOverviewExportState,
} from './export-state.js';
import type * as journey from './journey.js';
import type { JourneyOptions, StartRequest } from './journey.js';

type Journey = Pick<typeof journey, 'travel'>;

/** What the latest render asked for. */
export interface ControllerOptions extends JourneyOptions {
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/** One export under way. */
interface Run {
  began: number;
  /** Fires when it is over, however it ends. */
  over: AbortController;
  /** Whether the request may have left the page. */
  sent: boolean;
}

/** The journey is loaded when it is first needed: most visits of a page end without an export. */
const loadJourney = async (): Promise<Journey> => import('./journey.js');

/** What one hook holds: a state, what leads to the next one, and who wants to know. Knows nothing of React. */
export class ExportController {
  #state: TeamOverviewExportState = idle;
  #options: ControllerOptions | null = null;
  #run: Run | null = null;
  #rendering = false;
  #unmounted = false;
  #putOffStart: StartRequest | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #clock: Clock;
  readonly #load: () => Promise<Journey>;

  constructor({
    clock = systemClock,
    load = loadJourney,
  }: { clock?: Clock; load?: typeof loadJourney } = {}) {
    this.#clock = clock;
    this.#load = load;
  }

  readonly state = (): TeamOverviewExportState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /**
   * Starts an export, unless one is under way. The state tells what becomes of it.
   *
   * @throws INVALID_ARGUMENT when called while rendering: each time the page is drawn would be another export
   */
  readonly start = (request: StartRequest): void => {
    if (this.#rendering) throw startedInRender();
    if (this.#unmounted) this.#putOff(request);
    if (this.#unmounted || this.#options === null || isUnderWay(this.#state)) return;
    const run = { began: this.#clock.now(), over: new AbortController(), sent: false };
    this.#run = run;
    this.#happen(run, { type: 'started', teamId: request.teamId });
    void this.#go(run, request, this.#options);
    void this.#tick(run);
  };

  /** Ends the export that is under way, as failed with ABORTED. The server is not asked to stop: it knows no way. */
  readonly cancel = (): void => {
    const run = this.#run;
    if (run === null) return;
    this.#happen(run, { type: 'cancelled', sent: run.sent });
    this.#end(run);
  };

  /** Back to the beginning; ends the export that is under way, if there is one. */
  readonly reset = (): void => {
    const run = this.#run;
    if (run !== null) this.#end(run);
    this.#become(nextState(this.#state, { type: 'reset' }, 0));
  };

  /** To be called whenever the component is rendered: until the commit, or the end of the turn, `start` is a mistake. */
  rendering(): void {
    this.#rendering = true;
    // A render may never be committed, and one that pauses lets clicks in.
    queueMicrotask(() => (this.#rendering = false));
  }

  /** @param options for the next start; `onAttempt` at once */
  committed(options: ControllerOptions): void {
    this.#rendering = false;
    this.#options = options;
  }

  /** @returns to be called when it is unmounted; mounting again, as StrictMode does, makes it as good as new */
  readonly mount = (): (() => void) => {
    this.#unmounted = false;
    if (this.#putOffStart !== null) this.start(this.#putOffStart);
    this.#putOffStart = null;
    return () => {
      this.#unmounted = true;
      this.cancel();
    };
  };

  /** Effects of children run before those of their parents: who mounts again within this turn has meant this start. */
  #putOff(request: StartRequest): void {
    this.#putOffStart ??= request;
    queueMicrotask(() => (this.#putOffStart = null));
  }

  async #go(run: Run, request: StartRequest, options: ControllerOptions): Promise<void> {
    try {
      const { travel } = await this.#load().catch(notLoaded);
      if (this.#run !== run) return;
      run.sent = true;
      const report = this.#happen.bind(this, run);
      await travel(request, options, { report, signal: run.over.signal });
    } catch (error) {
      this.#happen(run, { type: 'failed', error: typedError(error) });
    } finally {
      this.#end(run);
    }
  }

  /** Tells the time at every whole second. */
  async #tick(run: Run): Promise<void> {
    while (this.#run === run) {
      const elapsed = this.#clock.now() - run.began;
      // Timers fire a little early or late: the one after the nearest second is meant.
      await this.#clock.delay((Math.round(elapsed / 1000) + 1) * 1000 - elapsed, run.over.signal);
      this.#happen(run, { type: 'ticked' });
    }
  }

  /** Nothing, if the run has been ended: whatever it still does is nobody's. */
  #happen(run: Run, event: ExportEvent): void {
    if (this.#run !== run) return;
    this.#become(nextState(this.#state, event, Math.round(this.#clock.now() - run.began)));
    if (event.type === 'attempted') tell(this.#options?.onAttempt, event.attempt);
  }

  #end(run: Run): void {
    if (this.#run === run) this.#run = null;
    run.over.abort();
  }

  #become(state: TeamOverviewExportState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** An error in the page's own callback is the page's, and no reason to lose the export. */
function tell(onAttempt: ControllerOptions['onAttempt'], attempt: Attempt): void {
  try {
    onAttempt?.(attempt);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
