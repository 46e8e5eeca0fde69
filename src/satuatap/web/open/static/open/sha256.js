// SHA-256 in the browser: WebCrypto where the page is secure, else (http in the mall's own network) these few lines.
// The constants are the fractional parts of roots of the first primes, computed here as FIPS 180-4 defines them.
const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);

const floorRoot = (n, power) => {
  // the largest whole r with r ** power <= n, by halving
  let low = 0n;
  let high = n;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** power <= n) low = middle;
    else high = middle - 1n;
  }
  return low;
};
const fraction = (prime, power) => Number(floorRoot(BigInt(prime) << (32n * power), power) & 0xffffffffn);
const START = primes.slice(0, 8).map((p) => fraction(p, 2n));
const K = primes.map((p) => fraction(p, 3n));
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(state, view, at) {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(at + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const a = w[i - 15];
    const b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] = (state[i] + x) | 0; });
}

/** SHA-256 without the browser's help: bytes in, 32 bytes out. */
export function ownSha256(bytes) {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
  const state = Int32Array.from(START);
  for (let at = 0; at < padded.length; at += 64) block(state, view, at);
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((x, i) => out.setInt32(i * 4, x));
  return new Uint8Array(out.buffer);
}

/** SHA-256, by WebCrypto where there is one. */
export async function sha256(bytes) {
  const subtle = globalThis.crypto?.subtle;
  return subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : ownSha256(bytes);
}

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
export const bytesOf = (text) => {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error("not hex");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
};
