// Shows the part of a picture that a crop keeps, as its sliders stand; a drag on the picture moves it.

const form = document.querySelector("[data-crop]");
const picture = form.querySelector("[data-crop-picture]");
const part = form.querySelector("[data-crop-part]");
const value = (name) => Number(form.elements[name].value);

const size = () => {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const [across, down] = form.elements.shape.value.split("x").map(Number);
  const wide = Math.min(width, (height * across) / down) / value("zoom");
  return { wide: wide / width, high: (wide * down) / across / height };
};
const draw = () => {
  if (!picture.naturalWidth) return;
  const { wide, high } = size();
  part.style.width = `${100 * wide}%`;
  part.style.height = `${100 * high}%`;
  part.style.left = `${100 * value("x") * (1 - wide)}%`;
  part.style.top = `${100 * value("y") * (1 - high)}%`;
};
const move = (event) => {
  const box = picture.getBoundingClientRect();
  const { wide, high } = size();
  const along = (at, share) => (share < 1 ? Math.min(1, Math.max(0, (at - share / 2) / (1 - share))) : 0.5);
  form.elements.x.value = along((event.clientX - box.left) / box.width, wide);
  form.elements.y.value = along((event.clientY - box.top) / box.height, high);
  draw();
};

form.addEventListener("input", draw);
picture.addEventListener("load", draw);
picture.parentElement.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  picture.parentElement.setPointerCapture(event.pointerId);
  move(event);
});
picture.parentElement.addEventListener("pointermove", (event) => event.buttons && move(event));
draw();
