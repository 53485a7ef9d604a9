// @ts-check
// axios with the whole body in memory, as the vendor's command line does it: node axios.mjs URL FILE
import { writeFile } from 'node:fs/promises';
import axios from 'axios';

const [url = '', file = ''] = process.argv.slice(2);
/** @type {import('axios').AxiosResponse<Buffer>} */
const { data } = await axios.get(url, { responseType: 'arraybuffer' });
await writeFile(file, data);
