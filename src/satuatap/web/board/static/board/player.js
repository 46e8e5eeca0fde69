// Plays the clips of one call without gaps, through Web Audio. Browsers want one gesture before the first sound.

const PAUSE_S = { chime: 0.1, nomor: 0.08, loket: 0.1, zona: 0.06 };
const DIGIT_PAUSE_S = 0.07;
const BEFORE_LOKET_S = 0.22;
const AFTER_MS = 700;

export class Player {
  constructor(folder) {
    this.folder = folder;
    this.context = new AudioContext();
    this.known = new Map();
  }

  get ready() {
    return this.context.state === "running";
  }

  async start() {
    await this.context.resume();
    return this.ready;
  }

  clip(name) {
    if (!this.known.has(name)) {
      const loading = fetch(`${this.folder}${name}.opus`)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(name))))
        .then((bytes) => this.context.decodeAudioData(bytes));
      loading.catch(() => this.known.delete(name));
      this.known.set(name, loading);
    }
    return this.known.get(name);
  }

  // Resolves when the last clip has ended (or at once when there is no sound).
  async play(names) {
    const buffers = await Promise.all(names.map((name) => this.clip(name)));
    let at = this.context.currentTime + 0.05;
    const begin = at;
    buffers.forEach((buffer, index) => {
      const source = this.context.createBufferSource();
      source.buffer = buffer;
      source.connect(this.context.destination);
      if (names[index] === "loket") at += BEFORE_LOKET_S;
      source.start(at);
      at += buffer.duration + (PAUSE_S[names[index]] ?? DIGIT_PAUSE_S);
    });
    await new Promise((done) => setTimeout(done, (at - begin) * 1000 + AFTER_MS));
    return at - begin;
  }
}
