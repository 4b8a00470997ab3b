//! Who is asking: tokens, and the [`Viewer`] that a token makes.

mod viewer;

pub use viewer::Viewer;
