// What aplay plays lands in the playback file, every frame at its own number.
import assert from "node:assert/strict";
import { VirtualCard } from "../support/virtual-card.js";
import { runPeer } from "./peer.js";

// A ramp with silence in it: no sample repeats within it, so a missing or doubled frame shows.
function ramp(frames: number): Int16Array {
  return Int16Array.from({ length: frames * 2 }, (_, i) => (i % 2 === 0 ? (i >> 1) - frames / 2 : -(i >> 1)));
}

describe("virtual card: playback", () => {
  it("keeps a ramp without a gap, from the start frame on, and nothing else", async () => {
    const card = new VirtualCard({ playbackSeconds: 10, channels: { min: 2, max: 2 } });
    const frames = 30000;
    const sound = ramp(frames);
    const args = ["-f", "S16_LE", "-r", "48000", "-c", "2"];
    const { code, errors } = await runPeer(card, "aplay", args, Buffer.from(sound.buffer));
    assert.equal(code, 0, errors);
    assert.equal(card.xruns("playback"), 0);
    const start = card.startFrame("playback");
    // aplay fills its last period with silence.
    const [span, ...others] = card.playedSpans(0, 10 * 48000);
    assert.deepEqual(others, []);
    assert.equal(span?.from, start);
    assert.ok(span.to >= start + frames && span.to <= start + frames + 4096, `${JSON.stringify(span)}`);
    const played = card.played(start, start + frames);
    for (let i = 0; i < sound.length; i++) {
      if (played[i] !== sound[i]! / 32768) assert.equal(played[i], sound[i]! / 32768, `sample ${i}`);
    }
    assert.ok(card.currentFrame("playback") >= span.to);
    card.remove();
  });

  it("tells played silence from nothing", async () => {
    const card = new VirtualCard({ playbackSeconds: 10 });
    const silence = Buffer.alloc(4800 * 4);
    await runPeer(card, "aplay", ["-f", "S16_LE", "-r", "48000", "-c", "2"], silence);
    const spans = card.playedSpans(0, 10 * 48000);
    assert.equal(spans.length, 1);
    assert.equal(spans[0]?.from, card.startFrame("playback"));
    assert.ok(card.played(0, 10 * 48000).every((sample) => sample === 0));
    card.remove();
  });

  it("ends quietly where the file ends", async () => {
    const card = new VirtualCard({ playbackSeconds: 0.1 });
    const args = ["-f", "S16_LE", "-r", "48000", "-c", "2"];
    const { code, errors } = await runPeer(card, "aplay", args, Buffer.from(ramp(20000).buffer));
    assert.equal(code, 0, errors);
    assert.equal(card.xruns("playback"), 0);
    card.remove();
  });
});
