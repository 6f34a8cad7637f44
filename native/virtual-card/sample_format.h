// The sample formats a card can have, and their conversion from and to float.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plugjam::virtual_card {

enum class SampleFormat { kS16, kS24Packed, kS24, kS32, kFloat };

size_t bytes_per_sample(SampleFormat format);

// Write count samples, in_step floats apart, as little-endian samples out_step bytes apart. Full scale
// is 1.0; what is beyond is clipped.
void encode(SampleFormat format, const float* in, size_t in_step, uint8_t* out, size_t out_step,
            size_t count);

// The other way round. A signed integer of n bits is divided by 2^(n-1).
void decode(SampleFormat format, const uint8_t* in, size_t in_step, float* out, size_t out_step,
            size_t count);

}  // namespace plugjam::virtual_card
