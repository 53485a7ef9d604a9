import { ApolloCache } from '@apollo/client/cache';

/**
 * The cache of a client that never caches: each answer belongs to the call that asked for it. It also leaves documents
 * as they were generated, and is much smaller than Apollo's own, which counts where a process lives for one export.
 */
export class NoCache extends ApolloCache {
  override read(): null {
    return null;
  }

  override write(): undefined {
    return undefined;
  }

  override diff(): { result: null; complete: false } {
    return { result: null, complete: false };
  }

  override watch(): () => void {
    return () => undefined;
  }

  override async reset(): Promise<void> {
    // Nothing is kept.
  }

  override evict(): boolean {
    return false;
  }

  override restore(): this {
    return this;
  }

  override extract(): null {
    return null;
  }

  override removeOptimistic(): void {
    // Nothing is kept.
  }

  override fragmentMatches(): boolean {
    return true;
  }

  override performTransaction(): void {
    // Nothing is kept.
  }
}
