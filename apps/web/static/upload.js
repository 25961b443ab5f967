// How much of a form's files is on the way. Without this script the browser sends the form as it is.
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

class Sending {
  constructor(form) {
    this.form = form;
    this.shown = form.querySelector("[data-upload-progress]");
    this.bar = this.shown.querySelector("progress");
    this.said = this.shown.querySelector("[data-upload-said]");
    this.button = form.querySelector("button:not([type=button])");
    form.addEventListener("submit", (event) => this.begin(event));
  }

  begin(event) {
    const files = [...this.form.querySelectorAll("input[type=file]")];
    if (!files.some((input) => input.files.length > 0)) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (progress) => this.tell(progress));
    request.addEventListener("load", () => this.end(request));
    request.addEventListener("error", () => this.refuse("The connection broke. Nothing was lost: send it again."));
    request.open("POST", this.form.action);
    request.setRequestHeader("HX-Request", "true"); // so that where to go comes as a header
    request.setRequestHeader("X-CSRF-Token", this.form.elements.csrf.value);
    request.send(new FormData(this.form));
    this.busy(true);
  }

  busy(is) {
    this.shown.hidden = !is;
    this.button.disabled = is;
    if (is) this.refusal?.remove();
  }

  tell({ lengthComputable, loaded, total }) {
    if (!lengthComputable) return;
    this.bar.value = (loaded / total) * 100;
    this.said.textContent = `${megabytes(loaded)} of ${megabytes(total)} MB`;
    if (loaded < total) return;
    this.said.textContent = "It is here and is being looked at";
    this.bar.removeAttribute("value");
  }

  end(request) {
    const onward = request.getResponseHeader("HX-Redirect");
    if (onward) {
      location.assign(onward);
      return;
    }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const shown = answer.querySelector("[role=alert], [data-toast]");
    this.refuse(shown?.textContent.trim().replace(/\s+/g, " ").replace(/ ×$/, "") ?? "It was refused: it may be too large.");
  }

  // The form stays as it is, its files still chosen.
  refuse(text) {
    this.busy(false);
    this.refusal?.remove();
    this.refusal = document.createElement("div");
    this.refusal.className = "notice bad";
    this.refusal.setAttribute("role", "alert");
    this.refusal.tabIndex = -1;
    this.refusal.textContent = text;
    this.form.before(this.refusal);
    this.refusal.focus();
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) new Sending(form);
