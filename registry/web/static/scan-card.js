// Enhancement only: the number of a card can be typed. Where the browser reads codes by itself, the camera fills it in.

const scan = document.querySelector("[data-scan]");
const STEP = 250; // milliseconds between two looks at the picture
const LONGEST = 60; // characters that the field takes

async function readsCodes() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  const formats = await window.BarcodeDetector.getSupportedFormats();
  return formats.includes("qr_code");
}

function stop(picture) {
  if (picture.srcObject) picture.srcObject.getTracks().forEach((track) => track.stop());
  picture.srcObject = null;
  picture.hidden = true;
}

async function look(detector, picture, field) {
  if (!picture.srcObject) return;
  const codes = await detector.detect(picture).catch(() => []);
  if (codes.length) {
    stop(picture);
    field.value = codes[0].rawValue.trim().slice(0, LONGEST);
    field.focus();
    return;
  }
  window.setTimeout(() => look(detector, picture, field), STEP);
}

async function start(picture, field) {
  picture.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  picture.hidden = false;
  await picture.play();
  await look(new window.BarcodeDetector({ formats: ["qr_code"] }), picture, field);
}

if (scan) {
  const picture = scan.querySelector("[data-scan-picture]");
  const field = document.getElementById(scan.dataset.scan);
  readsCodes().then((able) => { scan.hidden = !able; }).catch(() => undefined);
  scan.querySelector("[data-scan-start]").addEventListener("click", () => {
    stop(picture);
    start(picture, field).catch(() => {
      stop(picture);
      scan.querySelector("[data-scan-said]").textContent = scan.dataset.failed;
    });
  });
  window.addEventListener("pagehide", () => stop(picture));
}
