// Sends files in parts that are taken up again after a broken line or a closed window (tus), two at a time.
import { Upload } from "tus-js-client";
import { rowFor } from "./queue.js";

const AT_ONCE = 2;
const PART_BYTES = 5 * 1024 * 1024;
const waiting = [];
let running = 0;

function start(zone) {
  const form = zone.querySelector("form");
  const input = form.querySelector("[type=file]");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) waiting.push({ file, zone, folder: form.elements.folder.value, row: rowFor(zone, file.name) });
    next();
  });
  form.addEventListener("dragover", () => form.setAttribute("data-over", ""));
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.removeAttribute("data-over"));
}

function next() {
  while (running < AT_ONCE && waiting.length) send(waiting.shift());
}

async function send({ file, zone, folder, row }) {
  running += 1;
  let existed = false;
  const finish = (...state) => {
    row.finish(...state);
    running -= 1;
    if (running === 0 && waiting.length === 0) zone.dispatchEvent(new CustomEvent("media:sent", { bubbles: true }));
    next();
  };
  const upload = new Upload(file, {
    endpoint: zone.dataset.mediaUpload,
    chunkSize: PART_BYTES,
    retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
    metadata: { filename: file.name, folder },
    uploadDataDuringCreation: true,
    removeFingerprintOnSuccess: true,
    onProgress: (sent, total) => row.progress(sent, total),
    onAfterResponse: (_request, answer) => (existed ||= answer.getHeader("Media-Existed") === "true"),
    onSuccess: () => finish(existed ? "existed" : "done"),
    onError: (error) => finish("failed", error.originalResponse?.getBody()),
  });
  row.onDrop(() => upload.abort(true).then(() => finish("dropped"), () => finish("dropped")));
  const earlier = await upload.findPreviousUploads();
  if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
  upload.start();
}

document.querySelectorAll("[data-media-upload]").forEach(start);
