//! A text as a picture that telephones read (QR), drawn as one path.

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around the picture, which readers need.
const MARGIN: i32 = 4;

/// A picture to be drawn in a square of `size` by `size`.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) size: i32,
    /// The dark modules, as the `d` of a path.
    pub(super) path: String,
}

/// The picture of a text; nothing where it is too long for one.
pub(super) fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let places = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let dark = places.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN)).collect();
    Some(Picture { size: code.size() + 2 * MARGIN, path })
}
