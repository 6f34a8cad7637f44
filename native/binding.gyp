# What is compiled, and with which flags.
#   celt             the CELT layer of libopus, from the sources @discordjs/opus ships, custom modes on
#   engine           everything of src/ that does not know Node
#   plugjam          the Node addon: engine + src/addon
#   virtual_card     a sound card in user space, as an ALSA plugin
#   load             plays many clients at once to a server, for the bench of the hub
#   native_tests     the C++ tests; native_tests_sanitized: the same under AddressSanitizer and UBSan
{
  "variables": {
    # By way of a link in here: objects of a source outside native/ would lie in one folder for all targets, and the
    # plain and the sanitized build would take turns in overwriting each other's.
    "opus": "<!(mkdir -p build && ln -sfn \"$(node -p \"require('path').dirname(require.resolve('@discordjs/opus/package.json'))\")/deps/opus\" build/opus && echo build/opus)",
    "celt_sources": [
      "<(opus)/celt/bands.c", "<(opus)/celt/celt.c", "<(opus)/celt/celt_decoder.c", "<(opus)/celt/celt_encoder.c",
      "<(opus)/celt/celt_lpc.c", "<(opus)/celt/cwrs.c", "<(opus)/celt/entcode.c", "<(opus)/celt/entdec.c",
      "<(opus)/celt/entenc.c", "<(opus)/celt/kiss_fft.c", "<(opus)/celt/laplace.c", "<(opus)/celt/mathops.c",
      "<(opus)/celt/mdct.c", "<(opus)/celt/modes.c", "<(opus)/celt/pitch.c", "<(opus)/celt/quant_bands.c",
      "<(opus)/celt/rate.c", "<(opus)/celt/vq.c"
    ],
    "engine_sources": ["<!@(find src -name '*.cpp' -not -path 'src/addon/*' | sort)"],
    "test_sources": ["<!@(find test -name '*.cpp' | sort)"],
    "load_sources": ["<!@(find ../test/bench/load -name '*.cpp' | sort)"],
    "virtual_card_sources": ["<!@(find virtual-card -name '*.cpp' | sort)"],
    "sanitizers": ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-g1", "-O1"]
  },
  "target_defaults": {
    "cflags": ["-fPIC", "-O3", "-Wall", "-Wextra"],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
    "cflags_cc": ["-std=c++20"],
    "include_dirs": ["src"],
    "conditions": [["target_arch=='arm64'", { "cflags": ["-march=armv8-a"] }]]
  },
  "targets": [
    {
      "target_name": "celt",
      "type": "static_library",
      "sources": ["<@(celt_sources)"],
      "includes": ["celt.gypi"]
    },
    {
      "target_name": "engine",
      "type": "static_library",
      "dependencies": ["celt"],
      "sources": ["<@(engine_sources)"],
      "include_dirs": ["<(opus)/include"],
      "direct_dependent_settings": { "include_dirs": ["<(opus)/include"], "libraries": ["-lasound"] }
    },
    {
      "target_name": "plugjam",
      "type": "loadable_module",
      "dependencies": ["engine"],
      "sources": ["<!@(find src/addon -name '*.cpp' | sort)"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_DEPRECATED", "NODE_ADDON_API_CPP_EXCEPTIONS"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
      "cflags_cc": ["-fexceptions"]
    },
    {
      "target_name": "asound_module_pcm_plugjam",
      "type": "shared_library",
      "product_prefix": "lib",
      "sources": ["<@(virtual_card_sources)"],
      "libraries": ["-lasound"]
    },
    {
      "target_name": "load",
      "type": "executable",
      "dependencies": ["engine"],
      "sources": ["<@(load_sources)"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
      "cflags_cc": ["-fexceptions"]
    },
    {
      "target_name": "native_tests",
      "type": "executable",
      "dependencies": ["engine"],
      "sources": ["<@(test_sources)", "<@(virtual_card_sources)"],
      "include_dirs": ["test"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
      "cflags_cc": ["-fexceptions"],
      "cflags!": ["-O3"],
      "cflags": ["-O1"]
    },
    {
      "target_name": "native_tests_sanitized",
      "type": "executable",
      "sources": ["<@(celt_sources)", "<@(engine_sources)", "<@(test_sources)", "<@(virtual_card_sources)"],
      "includes": ["celt.gypi"],
      "include_dirs": ["test", "<(opus)/include"],
      "defines": ["PLUGJAM_SANITIZED"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
      "cflags_cc": ["-fexceptions"],
      "cflags!": ["-O3"],
      "cflags": ["<@(sanitizers)"],
      # celt/rate.c:192 shifts -1 to the left, which GCC and Clang define. Nothing else in there is ever reported.
      "cflags_c": ["-fno-sanitize=shift-base"],
      "ldflags": ["<@(sanitizers)"],
      "libraries": ["-lasound"]
    }
  ]
}
