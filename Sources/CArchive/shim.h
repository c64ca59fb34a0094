#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

// `inflateInit2` is a macro (it passes zlib's version and the structure's size), which Swift does not import.
// 15: the largest window; 16: gzip framing, whose CRC-32 and length zlib then checks.
static inline int aismove_inflate_begin_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
