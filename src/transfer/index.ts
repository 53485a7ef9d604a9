export { Destination, type DestinationOptions } from './destination.js';
export { download, type DownloadOptions, type DownloadProgress, type VerifiedFile } from './download.js';
export { nodeFetch } from './node-http.js';
export { isBegun } from './left-overs.js';
