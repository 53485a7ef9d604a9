// Preloaded into a process whose clock on the wall is wrong: by WRONG_BY milliseconds from its start, and by JUMP more from
// the moment it gets SIGUSR2. Timers and the monotonic clock are right, as they are on a real machine.
const Right = Date;
let wrongBy = Number(process.env.WRONG_BY ?? 0);
process.on('SIGUSR2', () => (wrongBy += Number(process.env.JUMP ?? 0)));

class Wrong extends Right {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Right.now() + wrongBy] : parts));
  }
  static now() {
    return Right.now() + wrongBy;
  }
}
Reflect.set(globalThis, 'Date', Wrong);
