// @ts-check
// What the hooks of one generated file share, as the text that goes into it.

export const querySource = `/**
 * Apollo Client's \`useQuery\` for one operation. What it requires is required: variables, unless the hook is told to
 * skip, by \`skipToken\` or by \`{ skip: true }\`.
 */
export interface QueryHook<TData, TVariables extends OperationVariables> {
  (options: SkipToken): useQuery.Result<TData, TVariables, 'empty', Record<string, never>>;
  (
    options: SkipToken | SkippedQuery<TData, TVariables>,
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming', Partial<TVariables>>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    options: useQuery.Options<TData, TVariables> & { returnPartialData: boolean; errorPolicy?: TErrorPolicy },
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming' | 'partial', TVariables, TErrorPolicy>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    options:
      | SkipToken
      | SkippedQuery<TData, TVariables>
      | (useQuery.Options<TData, TVariables> & { returnPartialData: boolean; errorPolicy?: TErrorPolicy }),
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming' | 'partial', Partial<TVariables>, TErrorPolicy>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    ...options: {} extends TVariables
      ? [options?: useQuery.Options<TData, TVariables> & { errorPolicy?: TErrorPolicy }]
      : [options: useQuery.Options<TData, TVariables> & { errorPolicy?: TErrorPolicy }]
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming', TVariables, TErrorPolicy>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    options:
      | SkipToken
      | SkippedQuery<TData, TVariables>
      | (useQuery.Options<TData, TVariables> & { errorPolicy?: TErrorPolicy }),
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming', Partial<TVariables>, TErrorPolicy>;
}

/** Options of a query that is not sent, and so needs no variables. */
export type SkippedQuery<TData, TVariables extends OperationVariables> = Omit<
  useQuery.Options<TData, TVariables>,
  'variables' | 'skip' | 'returnPartialData'
> & { skip: true };
`;

export const lazySource = `export interface SideEffectOptions {
  /** Used instead of the provider's. */
  client?: ApolloClient | undefined;
  /** For the links; what \`execute\` is given is added to it. */
  context?: DefaultContext | undefined;
  errorPolicy?: ErrorPolicy | undefined;
}

export type ExecuteOptions<TVariables extends OperationVariables> = {
  context?: DefaultContext | undefined;
} & ({} extends TVariables ? { variables?: TVariables | undefined } : { variables: TVariables });

export interface SideEffectResult<TData> {
  data: MaybeMasked<TData> | undefined;
  error?: ErrorLike | undefined;
}

/** Of the latest call of \`execute\`. */
export interface SideEffectState<TData> {
  called: boolean;
  loading: boolean;
  data: MaybeMasked<TData> | undefined;
  error: ErrorLike | undefined;
}

/** \`execute\` and \`reset\` stay the same functions. */
export type SideEffectHook<TData, TVariables extends OperationVariables> = [
  /** Sends the operation. The promise is never rejected: what went wrong is its \`error\`. */
  execute: (
    ...options: {} extends TVariables
      ? [options?: ExecuteOptions<TVariables>]
      : [options: ExecuteOptions<TVariables>]
  ) => Promise<SideEffectResult<TData>>,
  /** \`reset\` forgets the latest call, and does not stop it: what the server has begun, it does. */
  state: SideEffectState<TData> & { reset: () => void },
];

type Send = (
  client: ApolloClient,
  document: DocumentNode,
  options: { variables: OperationVariables | undefined; context: DefaultContext; errorPolicy?: ErrorPolicy },
) => Promise<unknown>;

const idle = { called: false, loading: false, data: undefined, error: undefined };

/**
 * Not Apollo Client's \`useLazyQuery\`: once called, that is a query being watched, which \`resetStore\`, \`refetchQueries\`,
 * polling and \`refetch\` send again.
 */
function useSideEffect<TData, TVariables extends OperationVariables>(
  document: TypedDocumentNode<TData, TVariables>,
  send: Send,
  options?: SideEffectOptions,
): SideEffectHook<TData, TVariables> {
  const client = useApolloClient(options?.client);
  const [state, setState] = useState<SideEffectState<TData>>(idle);
  const live = useRef({ rendered: false, mounted: true, calls: 0, state, client, options });
  useInsertionEffect(() => {
    Object.assign(live.current, { rendered: true, client, options });
  });
  useEffect(() => {
    const current = live.current;
    current.mounted = true;
    // An answer may have come while the component was hidden.
    setState(current.state);
    return () => {
      current.mounted = false;
    };
  }, []);

  const show = useCallback((next: SideEffectState<TData>) => {
    live.current.state = next;
    if (live.current.mounted) setState(next);
  }, []);

  const execute = useCallback(
    (given?: { variables?: TVariables | undefined; context?: DefaultContext | undefined }) => {
      const { client, options, rendered } = live.current;
      if (!rendered) throw new Error('execute has side effects: call it in an event handler, not while rendering.');
      const call = ++live.current.calls;
      show({ ...idle, called: true, loading: true });
      const finish = (result: SideEffectResult<TData>) => {
        // The state is the latest call's, however late an earlier one is answered.
        if (call === live.current.calls) {
          show({ called: true, loading: false, data: result.data, error: result.error });
        }
        return result;
      };
      const sent = send(client, document, {
        variables: given?.variables,
        context: { ...options?.context, ...given?.context, queryDeduplication: false },
        ...(options?.errorPolicy && { errorPolicy: options.errorPolicy }),
      });
      return sent.then(
        (result) => finish(result as SideEffectResult<TData>),
        (error: unknown) => finish({ data: undefined, error: error as ErrorLike }),
      );
    },
    [document, send, show],
  );

  const reset = useCallback(() => {
    live.current.calls++;
    show(idle);
  }, [show]);

  return useMemo(() => [execute, { ...state, reset }], [execute, state, reset]);
}
`;

export const sendQuerySource = `// Async, so that what Apollo Client throws at once is an outcome like any other.
const sendQuery: Send = async (client, query, options) =>
  client.query({ ...options, query, fetchPolicy: 'no-cache' } as ApolloClient.QueryOptions);
`;

export const sendMutationSource = `const sendMutation: Send = async (client, mutation, options) =>
  client.mutate({ ...options, mutation, fetchPolicy: 'no-cache' } as ApolloClient.MutateOptions);
`;
