// @ts-check
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A certificate for 127.0.0.1 and the authority that signed it, good for a day.
 *
 * @param {string} openssl path of the program
 * @param {string} folder
 * @returns {{ ca: string, certificate: string, key: string }} paths
 */
export function makeCertificates(openssl, folder) {
  const at = (/** @type {string} */ name) => join(folder, name);
  const run = (/** @type {string[]} */ ...args) => execFileSync(openssl, args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  writeFileSync(at('empty.cnf'), '[req]\ndistinguished_name=name\n[name]\n');
  const plain = ['-config', at('empty.cnf')];
  run(
    ...['req', '-x509', ...plain, ...newKey, '-days', '1', '-subj', '/CN=datasaur-export bench'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'],
    ...['-keyout', at('ca.key'), '-out', at('ca.pem')],
  );
  run(
    ...['req', ...plain, ...newKey, '-subj', '/CN=127.0.0.1'],
    ...['-keyout', at('server.key'), '-out', at('server.csr')],
  );
  writeFileSync(at('server.ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
  run(
    ...['x509', '-req', '-in', at('server.csr'), '-days', '1', '-extfile', at('server.ext')],
    ...['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-set_serial', '1', '-out', at('server.pem')],
  );
  return { ca: at('ca.pem'), certificate: at('server.pem'), key: at('server.key') };
}
