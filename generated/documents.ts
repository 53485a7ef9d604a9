// Generated from schema/ and operations/ by `npm run codegen`. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type ExportDeliveryStatus =
  | 'DELIVERED'
  /** Final. */
  | 'FAILED'
  | 'IN_PROGRESS'
  | 'NONE'
  | 'QUEUED';

export type ExportTeamOverviewInput = {
  /** How the result is delivered. */
  method: GqlExportMethod;
  /** Key of the HMAC-SHA256 in the `X-Datasaur-Signature` header; goes with `CUSTOM_WEBHOOK`. */
  secret?: string | null | undefined;
  /** The number in the web app's address: `/teams/{teamId}/…`. */
  teamId: string;
  /** Where the result is delivered to; goes with `CUSTOM_WEBHOOK`. */
  url?: string | null | undefined;
};

export type GqlExportMethod =
  /** The server sends a signed PUT to `url`. */
  | 'CUSTOM_WEBHOOK'
  | 'DOWNLOAD'
  | 'DOWNLOAD_REQUEST'
  /** The result is mailed to the owner of the access token; `fileUrl` is null. */
  | 'EMAIL'
  | 'EXTERNAL_FILE_STORAGE'
  /** The result is uploaded to Datasaur's temporary object storage; `fileUrl` is given optimistically. */
  | 'FILE_STORAGE';

export type ExportTeamOverviewQueryVariables = Exact<{
  input: ExportTeamOverviewInput;
}>;


export type ExportTeamOverviewQuery = { exportTeamOverview: { exportId: string, fileUrl: string | null, fileUrlExpiredAt: string | null } };

export type GetAllTeamsQueryVariables = Exact<{ [key: string]: never; }>;


export type GetAllTeamsQuery = { getAllTeams: Array<{ id: string, name: string, setting: { enableExportTeamOverview: boolean } | null }> };

export type GetExportDeliveryStatusQueryVariables = Exact<{
  exportId: string | number;
}>;


export type GetExportDeliveryStatusQuery = { getExportDeliveryStatus: { deliveryStatus: ExportDeliveryStatus, errors: Array<{ id: string, stack: string }> } };


export const ExportTeamOverviewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ExportTeamOverview"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ExportTeamOverviewInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"exportTeamOverview"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"exportId"}},{"kind":"Field","name":{"kind":"Name","value":"fileUrl"}},{"kind":"Field","name":{"kind":"Name","value":"fileUrlExpiredAt"}}]}}]}}]} as unknown as DocumentNode<ExportTeamOverviewQuery, ExportTeamOverviewQueryVariables>;
export const GetAllTeamsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"GetAllTeams"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"getAllTeams"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"setting"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enableExportTeamOverview"}}]}}]}}]}}]} as unknown as DocumentNode<GetAllTeamsQuery, GetAllTeamsQueryVariables>;
export const GetExportDeliveryStatusDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"GetExportDeliveryStatus"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"exportId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"getExportDeliveryStatus"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"exportId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"exportId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deliveryStatus"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"stack"}}]}}]}}]}}]} as unknown as DocumentNode<GetExportDeliveryStatusQuery, GetExportDeliveryStatusQueryVariables>;