import { ApolloLink, Observable } from '@apollo/client';

export interface SentOperation {
  name: string;
  variables: Record<string, unknown>;
  context: Record<string, unknown>;
  answer: (result: ApolloLink.Result) => void;
  fail: (error: Error) => void;
}

/** A link that sends nothing: it notes every operation, and each is answered when the test says so. */
export class ScriptedLink extends ApolloLink {
  readonly sent: SentOperation[] = [];

  constructor() {
    super(
      (operation) =>
        new Observable((observer) => {
          this.sent.push({
            name: operation.operationName ?? '',
            variables: operation.variables,
            context: operation.getContext(),
            answer: (result) => {
              observer.next(result);
              observer.complete();
            },
            fail: (error) => {
              observer.error(error);
            },
          });
        }),
    );
  }

  /** The names of what was sent. */
  get names(): string[] {
    return this.sent.map(({ name }) => name);
  }
}
