// The proofs of RFC 9162, 2.1.3.2 and 2.1.4.2, checked here and nowhere else; hashes are hex. Numbers stay below 2**53.
import { bytesOf, hex, sha256 } from "./sha256.js";

const HASH = /^[0-9a-f]{64}$/;
const half = (n) => Math.floor(n / 2);
const odd = (n) => n % 2 === 1;

/** The hash of a node: SHA-256 over 0x01, left, right. */
export async function nodeHash(left, right) {
  if (!HASH.test(left) || !HASH.test(right)) throw new Error("not a hash");
  return hex(await sha256(bytesOf(`01${left}${right}`)));
}

/** Every step from a leaf to the root, and whether the end is the root of the seal. */
export async function inclusion({ index, leaf, proof, seal }) {
  const steps = [];
  let [here, number, last] = [leaf, index, seal.size - 1];
  if (!(index >= 0 && index < seal.size)) return { steps, holds: false };
  for (const sibling of proof) {
    if (last === 0) return { steps, holds: false };
    let left = here;
    let right = sibling;
    if (odd(number) || number === last) {
      [left, right] = [sibling, here];
      while (!odd(number) && number !== 0) [number, last] = [half(number), half(last)];
    }
    here = await nodeHash(left, right);
    steps.push({ left, right, made: here });
    [number, last] = [half(number), half(last)];
  }
  return { steps, holds: last === 0 && here === seal.root };
}

/** Both roots made again from the proof between two seals, and whether they are the seals' roots. */
export async function consistency({ old, new: young, proof }) {
  const steps = [];
  if (old.size === young.size) return { steps, holds: proof.length === 0 && old.root === young.root };
  if (!(old.size > 0 && old.size < young.size) || proof.length === 0) return { steps, holds: false };
  let power = old.size;
  while (!odd(power)) power = half(power);
  const path = power === 1 ? [old.root, ...proof] : [...proof];
  let [number, last] = [old.size - 1, young.size - 1];
  while (odd(number)) [number, last] = [half(number), half(last)];
  let [first, second] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0) return { steps, holds: false };
    if (odd(number) || number === last) {
      const made = await nodeHash(sibling, first);
      steps.push({ left: sibling, right: first, made, of: "old" });
      first = made;
      const also = await nodeHash(sibling, second);
      steps.push({ left: sibling, right: second, made: also, of: "new" });
      second = also;
      while (!odd(number) && number !== 0) [number, last] = [half(number), half(last)];
    } else {
      const made = await nodeHash(second, sibling);
      steps.push({ left: second, right: sibling, made, of: "new" });
      second = made;
    }
    [number, last] = [half(number), half(last)];
  }
  return { steps, holds: last === 0 && first === old.root && second === young.root };
}
