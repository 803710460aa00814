//! Shows for the gateway's tests, which knows no game to make them of.

use crate::wire::Epoch;
use crate::wire::between_nodes::Show;
use crate::wire::frame::Frame;
use crate::wire::frame::Sections;

/// The start of a game from the golden vectors, since a gateway knows no game to make frames of.
const START: &str = "110000102a000003e8000110000007fbb5003fadaa1fdcc50dee6288f731401fffffffffffffff3fffffffffffffff5fffffffffffffff7fffffffffff\
                     ffff8000000000000084000000000000880000000000008c0000000000009000000000000094000000000000980000000000009c000000000000a000\
                     208000000000";

fn frame(epoch: u32, tick: u32, sections: Sections) -> Frame {
    let digit = |at: usize| u8::from_str_radix(&START[at..at + 2], 16).expect("hexadecimal");
    let bytes: Vec<u8> = (0..START.len()).step_by(2).map(digit).collect();
    let mut frame = Frame::decode(&bytes).expect("a golden frame");
    (frame.epoch, frame.scene.tick, frame.sections) = (Epoch::new(epoch, 0), tick, sections);
    frame
}

pub(in crate::gateway) fn show(epoch: u32, tick: u32, sections: Sections) -> Show {
    Show { frame: frame(epoch, tick, sections).encode(), seating: None }
}
