// Reads a QR code with the camera where the browser itself can; elsewhere the button stays hidden and the field below does the same.
export async function scanCodes() {
  const box = document.querySelector("[data-scan]");
  if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const [begin, end, view, said] = ["[data-scan-begin]", "[data-scan-end]", "video", "[data-scan-said]"].map((one) => box.querySelector(one));
  const field = document.getElementById(box.dataset.scan);
  let stream = null;

  const show = (isOn) => { begin.hidden = isOn; end.hidden = view.hidden = !isOn; };
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop()); // the lamp beside the lens goes out
    stream = null;
    show(false);
  };
  const look = async () => {
    if (!stream) return;
    const [found] = await detector.detect(view).catch(() => []);
    if (!found) return void setTimeout(look, 200);
    stop();
    field.value = found.rawValue;
    field.form.requestSubmit();
  };

  box.hidden = false;
  end.addEventListener("click", () => { stop(); begin.focus(); });
  window.addEventListener("pagehide", stop);
  begin.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      said.textContent = "";
      view.srcObject = stream;
      show(true);
      await view.play();
      end.focus();
      look();
    } catch {
      stop();
      said.textContent = box.dataset.failed;
    }
  });
}
