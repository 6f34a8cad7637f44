// Where the prompts lie: beside what was compiled.

/** dist/voice/, with a folder for each language. */
export const voiceFolder = new URL("../../../voice/", import.meta.url);
