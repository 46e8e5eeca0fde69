// The order in which calls are spoken: one at a time, the same call not twice in the line, old calls not at all.
// Pure: it knows no sound and no page; `speak(call)` is given and returns a promise.

export const DIGITS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];
const LAST_SIGN = 60;

export function inWords(number) {
  if (number < 10) return DIGITS[number];
  if (number === 10) return "sepuluh";
  if (number === 11) return "sebelas";
  if (number < 20) return `${DIGITS[number - 10]} belas`;
  const ones = number % 10;
  return `${DIGITS[Math.floor(number / 10)]} puluh${ones ? ` ${DIGITS[ones]}` : ""}`;
}

function isSpokenWhole(sign) {
  return /^\d{1,2}$/.test(sign) && Number(sign) >= 1 && Number(sign) <= LAST_SIGN;
}

export function digitsOf(text) {
  return [...String(text)].filter((letter) => /\d/.test(letter));
}

// The clips of a call, in order: chime, nomor, its digits, silakan ke loket, the sign, zona, its letter.
export function clipsOf(call) {
  const sign = String(call.sign ?? "");
  const zone = String(call.zone ?? "").toLowerCase();
  return [
    "chime", "nomor", ...digitsOf(call.number).map((digit) => `d${digit}`), "loket",
    ...(isSpokenWhole(sign) ? [`n${Number(sign)}`] : digitsOf(sign).map((digit) => `d${digit}`)),
    ...(/^[a-h]$/.test(zone) ? ["zona", `z${zone}`] : []),
  ];
}

// What is spoken, in words: before, the part that matters, after.
export function captionOf(call) {
  const sign = String(call.sign ?? "");
  const spoken = isSpokenWhole(sign) ? inWords(Number(sign)) : digitsOf(sign).map((digit) => DIGITS[digit]).join(" ");
  const number = digitsOf(call.number).map((digit) => DIGITS[digit]).join(" ");
  return [`Nomor ${number}, `, `silakan ke Loket ${spoken}`, call.zone ? `, Zona ${call.zone}.` : "."];
}

export class Sequencer {
  constructor({ speak, most = 20, freshMs = 30000, changed = () => {} }) {
    Object.assign(this, { speak, most, freshMs, changed, line: [], current: null, skipped: 0 });
  }

  // ageMs: how many real milliseconds ago the call was made. Returns what became of it.
  add(call, ageMs = 0) {
    if (ageMs > this.freshMs) return "old";
    if (this.current?.number === call.number && this.current.desk === call.desk && !call.again) return "same";
    const twin = this.line.findIndex((other) => other.number === call.number);
    if (twin >= 0) {
      this.line[twin] = call;
      this.changed(this);
      return "same";
    }
    this.line.push(call);
    while (this.line.length > this.most) {
      this.line.shift();
      this.skipped += 1;
    }
    this.changed(this);
    this.pump();
    return "queued";
  }

  // The call was taken back: it is not spoken any more if it still waits.
  withdraw(desk) {
    this.line = this.line.filter((call) => call.desk !== desk);
    this.changed(this);
  }

  clear() {
    this.line = [];
    this.changed(this);
  }

  async pump() {
    if (this.current) return;
    while (this.line.length) {
      this.current = this.line.shift();
      this.changed(this);
      try {
        await this.speak(this.current);
      } catch {
        // a clip that cannot be played must not silence the next call
      }
      this.current = null;
    }
    this.changed(this);
  }
}
