// Pictures that are dropped or pasted go into the media library, in parts that survive a broken line.
import { Upload } from "tus-js-client";

const PART_BYTES = 5 * 1024 * 1024;

/** Returns the id of the file in the library. Rejects with a reason in words. */
export function sent(file) {
  return new Promise((done, failed) => {
    let id = null;
    const upload = new Upload(file, {
      endpoint: "/admin/media/uploads",
      chunkSize: PART_BYTES,
      retryDelays: [0, 1000, 3000, 5000],
      metadata: { filename: file.name || "picture.png", folder: "" },
      uploadDataDuringCreation: true,
      removeFingerprintOnSuccess: true,
      onAfterResponse: (_request, answer) => (id = answer.getHeader("Media-Id") ?? id),
      onSuccess: () => (id ? done(id) : failed("")),
      onError: (error) => failed(whyIn(error.originalResponse?.getBody())),
    });
    upload.start();
  });
}

function whyIn(body) {
  try {
    return JSON.parse(body).detail ?? "";
  } catch {
    return "";
  }
}

/** Returns the pictures among what was dropped or pasted. */
export function picturesIn(transfer) {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}

/** Returns {html, files, elsewhere}: pasted HTML without its pictures, those that are in it, and whether it named others. */
export function withoutPictures(html) {
  const files = [];
  let elsewhere = false;
  const bare = html.replace(/<img\b[^>]*>/gi, (tag) => {
    const source = /\bsrc\s*=\s*("([^"]*)"|'([^']*)')/i.exec(tag);
    const address = source?.[2] ?? source?.[3] ?? "";
    const inline = /^data:(image\/(?:png|jpeg|gif|webp|avif));base64,([A-Za-z0-9+/=\s]+)$/i.exec(address);
    if (inline) files.push(fileOf(inline[1].toLowerCase(), inline[2], files.length));
    else if (address.startsWith("/media/")) return tag;
    else elsewhere ||= /^(https?:|file:|cid:|blob:)/i.test(address);
    return "";
  });
  return { html: bare, files: files.filter(Boolean), elsewhere };
}

function fileOf(type, text, number) {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
    return new File([bytes], `picture-${number + 1}.${type.split("/")[1]}`, { type });
  } catch {
    return null;
  }
}
