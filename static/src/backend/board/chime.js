const NOTES = [880, 660, 880];
const NOTE_SECONDS = 0.25;

/** Three short tones. Silent where the browser allows no sound before a first click. */
export function chime() {
    const { AudioContext } = window;
    if (!AudioContext) {
        return;
    }
    const context = new AudioContext();
    const volume = context.createGain();
    volume.gain.value = 0.2;
    volume.connect(context.destination);
    const tone = context.createOscillator();
    tone.connect(volume);
    NOTES.forEach((frequency, index) =>
        tone.frequency.setValueAtTime(frequency, context.currentTime + index * NOTE_SECONDS)
    );
    tone.onended = () => context.close();
    tone.start();
    tone.stop(context.currentTime + NOTES.length * NOTE_SECONDS);
}
