# How the CELT layer of libopus is compiled: custom modes, float, no hardening assertion, vectorised for the target.
# Neither ENABLE_HARDENING nor ENABLE_ASSERTIONS: with them 128-frame blocks end the process. No AVX2 variant, no
# -fno-math-errno: measured, they gain nothing (src/codec/README.md).
{
  "defines": ["CUSTOM_MODES", "VAR_ARRAYS", "HAVE_LRINT", "HAVE_LRINTF"],
  "include_dirs": ["<(opus)/include", "<(opus)/celt", "<(opus)/silk", "<(opus)"],
  # Only libopus itself sees itself as being built: our own files may ask it how large an encoder is.
  "cflags_c": ["-DOPUS_BUILD", "-Wno-unused-parameter", "-Wno-sign-compare", "-Wno-maybe-uninitialized", "-std=gnu99"],
  "conditions": [
    ["target_arch=='x64'", {
      "defines": [
        "OPUS_X86_MAY_HAVE_SSE", "OPUS_X86_MAY_HAVE_SSE2", "OPUS_X86_PRESUME_SSE", "OPUS_X86_PRESUME_SSE2"
      ],
      "sources": [
        "<(opus)/celt/x86/pitch_sse.c", "<(opus)/celt/x86/vq_sse2.c"
      ]
    }],
    ["target_arch=='arm64'", {
      "defines": [
        "OPUS_ARM_MAY_HAVE_NEON", "OPUS_ARM_MAY_HAVE_NEON_INTR", "OPUS_ARM_PRESUME_NEON",
        "OPUS_ARM_PRESUME_NEON_INTR", "OPUS_ARM_PRESUME_AARCH64_NEON_INTR"
      ],
      "sources": ["<(opus)/celt/arm/celt_neon_intr.c", "<(opus)/celt/arm/pitch_neon_intr.c"]
    }]
  ]
}
