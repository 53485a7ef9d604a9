import type { ExportEvent } from '../../src/react/export-state.js';
import type { JourneyOptions, StartRequest } from '../../src/react/journey.js';

/** One journey that was begun, in the hands of the test. */
export interface Begun {
  request: StartRequest;
  options: JourneyOptions;
  report: (event: ExportEvent) => void;
  signal: AbortSignal;
  arrive: () => void;
  fail: (error: unknown) => void;
}

export interface ScriptedJourney {
  begun: Begun[];
  /** How often it was loaded. */
  loads: number;
  load: () => Promise<{ travel: Travel }>;
}

type Travel = (
  request: StartRequest,
  options: JourneyOptions,
  how: Pick<Begun, 'report' | 'signal'>,
) => Promise<void>;

/** A journey that does what the test says, once `gate` has let it load. */
export function scriptedJourney(gate: Promise<unknown> = Promise.resolve()): ScriptedJourney {
  const travel: Travel = async (request, options, how) =>
    new Promise<void>((arrive, fail) => {
      journey.begun.push({ request, options, ...how, arrive, fail });
    });
  const journey: ScriptedJourney = {
    begun: [],
    loads: 0,
    load: async () => {
      journey.loads += 1;
      await gate;
      return { travel };
    },
  };
  return journey;
}
