// Changes of drafts on their way to the desk: sent in order, one at a time, and kept on this device until the desk has
// them. Without a network they stay in the browser's storage and are sent when it is back, or when a page is opened.

const PREFIX = "pressroom-outbox:";
const AGAIN = new Set([429, 502, 503, 504]);
const RETRY = 5000;

export const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRF-Token"] ?? "";

// A request as htmx sends it: errors come as a message to show, a page to visit as a header.
export const ask = async (address, fields) => {
  const headers = { "HX-Request": "true", "X-CSRF-Token": csrf() };
  const body = fields && new URLSearchParams(fields);
  const answer = await fetch(address, fields ? { method: "POST", headers, body } : { headers });
  return { status: answer.status, html: await answer.text(), elsewhere: answer.headers.get("HX-Redirect") };
};

export const element = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
};

// A change: {draft, fields: [[name, value], ...] or null, to, note, number, version, base}. `held`: it met another
// text at the desk, and waits for a person.
export class Outbox {
  #owner; #told; #entries; #sending = null; #timer = 0; #tab = Math.random().toString(36).slice(2); #release;

  // told: {saved(entry, html), conflict(entry, html), refused(entry, status, html), state({waiting, offline})}
  constructor(owner, told) {
    this.#owner = owner;
    this.#told = told;
    this.#entries = [];
    navigator.locks?.request(this.#key(this.#tab), () => new Promise((done) => (this.#release = done)));
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.#release?.());
  }

  // Takes over what earlier pages of this user left behind, and sends it.
  async start() {
    const alive = new Set(((await navigator.locks?.query())?.held ?? []).map((lock) => lock.name));
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(`${PREFIX}${this.#owner}:`) || key === this.#key(this.#tab) || alive.has(key)) continue;
      const left = JSON.parse(localStorage.getItem(key));
      this.#entries.push(...left.map((entry) => ({ ...entry, held: false })));
      localStorage.removeItem(key);
    }
    this.#keep();
    if (this.#entries.length) this.flush();
  }

  // Adds a change; one of the same draft that was not sent yet takes it in. wait: milliseconds until it is sent.
  add(change, wait = 0) {
    const last = this.#entries.findLast((entry) => entry.draft === change.draft);
    if (last && last !== this.#sending && !last.to && !last.number && !change.number) {
      const from = last.held ? change : last; // one that met another text begins again from that
      Object.assign(last, { ...change, fields: change.fields ?? last.fields, version: from.version, base: from.base });
      last.held = false;
    } else this.#entries.push({ fields: null, to: "", note: "", number: "", ...change });
    this.#keep();
    this.flush(wait);
  }

  // What was typed for a draft and is not at the desk.
  typed(draft) {
    return this.#entries.findLast((entry) => entry.draft === draft && entry.fields)?.fields ?? null;
  }

  drop(draft) {
    this.#entries = this.#entries.filter((entry) => entry.draft !== draft || entry === this.#sending);
    this.#keep();
  }

  get waiting() { return this.#entries.filter((entry) => !entry.held).length; }

  // Sends what waits; returns once all of it is at the desk, or can't be sent now.
  flush(wait = 0) {
    clearTimeout(this.#timer);
    if (!wait) return (this.running ??= this.#send().finally(() => (this.running = null)));
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  async #send() {
    for (let entry; (entry = this.#entries.find((each) => !each.held)); ) {
      this.#sending = entry;
      let answer = null;
      try {
        answer = await ask(`/review/drafts/${entry.draft}`, this.#form(entry));
      } catch { /* no network: below */ }
      this.#sending = null;
      if (!answer || AGAIN.has(answer.status)) return this.#away();
      if (answer.elsewhere) return this.#told.refused(entry, 401, "", answer.elsewhere);
      this.#take(entry, answer);
    }
    this.#told.state({ waiting: 0, offline: false });
  }

  #form(entry) {
    const { version, base, to, note, number, fields } = entry;
    return [...(fields ?? []), ["version", version], ["base", base], ["to", to], ["note", note], ["number", number]];
  }

  #take(entry, { status, html }) {
    const rest = this.#entries.filter((each) => each !== entry);
    if (status === 412 && entry.fields) {
      entry.held = true;
      this.#entries = [entry, ...rest.filter((each) => each.draft !== entry.draft)];
    } else this.#entries = status < 400 ? rest : rest.filter((each) => each.draft !== entry.draft);
    const face = status < 400 || status === 422 ? element(html) : null;
    if (face?.dataset.version) {
      for (const each of this.#entries.filter((other) => other.draft === entry.draft)) {
        Object.assign(each, { version: face.dataset.version, base: face.dataset.base });
      }
    }
    this.#keep();
    this.#told.state({ waiting: this.waiting, offline: false });
    if (status === 412) this.#told.conflict(entry, html);
    else if (face?.dataset.version) this.#told.saved(entry, face);
    else this.#told.refused(entry, status, html);
  }

  #away() {
    this.#told.state({ waiting: this.waiting, offline: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), RETRY);
  }

  #key(tab) { return `${PREFIX}${this.#owner}:${tab}`; }

  #keep() {
    const key = this.#key(this.#tab);
    if (this.#entries.length) localStorage.setItem(key, JSON.stringify(this.#entries));
    else localStorage.removeItem(key);
  }
}
