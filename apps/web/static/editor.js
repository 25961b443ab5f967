// The editor of one draft: what is typed is saved by itself, and kept on this device while there is no network.

import { Outbox } from "./outbox.js";

const form = document.getElementById("editor");
const said = form.querySelector("[data-autosaved]");
const { draft, owner } = form.dataset;
const version = document.getElementById("editor-version"); // not there while two texts are beside each other
const say = (text) => said.textContent !== text && (said.textContent = text);
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const fields = () => [...new FormData(form)].filter(([name]) => name.startsWith("body."));
const base = () => document.getElementById("editor-base").value;

const outbox = new Outbox(owner, {
  saved(entry, face) {
    if (entry.draft !== draft) return;
    version.value = face.dataset.version;
    document.getElementById("editor-base").value = face.dataset.base;
    for (const other of document.querySelectorAll("form input[name=version]")) other.value = face.dataset.version;
    if (!outbox.waiting) form.dispatchEvent(new Event("autosaved", { bubbles: true }));
    say(`Saved at ${clock.format(new Date())}. Save makes it a revision with your note.`);
  },
  conflict: () => say("Another person changed this while you were writing. Save shows both texts."),
  refused: (entry) => say(entry.draft === draft ? "It can't be saved by itself. Save gives the reason." : ""),
  state: ({ waiting, offline }) => offline && say(`Offline: ${waiting === 1 ? "your text is" : `${waiting} changes are`} kept on this device.`),
});

const keep = () => outbox.add({ draft, fields: fields(), version: version.value, base: base() }, 1500);
if (version) {
  form.addEventListener("input", (event) => event.target.name?.startsWith("body.") && keep());
  document.addEventListener("htmx:afterSwap", (event) => event.target.matches?.("[data-fields]") && keep());
  outbox.start();
}

// What is under way comes first: otherwise the form would begin from a version that is gone.
let sent = false;
form.addEventListener("submit", async (event) => {
  if (sent || !version || !outbox.waiting) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await outbox.flush();
  if (outbox.waiting) return;
  sent = true;
  outbox.drop(draft);
  const { submitter } = event; // a check that came meanwhile may have put a fresh one in its place
  form.requestSubmit(submitter?.isConnected ? submitter : document.getElementById(submitter?.id));
}, { capture: true });
