//! Compression of answers, where the client asks for it.

use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, NotForContentType, Predicate as _, SizeAbove},
    },
};

/// Smaller answers are sent as they are: they fit into one packet anyway.
const MIN_BYTES: u16 = 1_024;

/// Compresses by zstd, br or gzip, while the client reads. Event streams are not compressed: each event has to arrive
/// at once. Tags are weak, so that one is good for all encodings of an answer.
pub(super) fn layer() -> CompressionLayer<And<SizeAbove, NotForContentType>> {
    // Higher levels take several times the CPU and memory for a few percent of the bytes.
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(MIN_BYTES).and(NotForContentType::SSE))
}
