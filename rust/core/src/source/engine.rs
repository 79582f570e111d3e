//! The five decoders behind one step: bytes in, bytes out, and how it stands.

use std::io::Read;

use flate2::{Decompress, FlushDecompress};
use lz4_flex::frame::FrameDecoder;
use zstd::stream::raw::{DParameter, Decoder as Zstd, Operation};

use crate::error::Result;
use crate::source::codec::Codec;
use crate::source::decode::{Input, no_decoder};

/// What a frame may ask to be remembered: 128 MiB, what `zstd` itself allows without being told otherwise.
const ZST_WINDOW_LOG: u32 = 27;
const XZ_MEMORY: u64 = 256 << 20;

/// A decoder within a member of its codec.
pub(crate) enum Engine {
    Gz(Box<Decompress>),
    Zst { decoder: Box<Zstd<'static>>, hint: usize },
    Xz(liblzma::stream::Stream),
    Bz2(Box<bzip2::Decompress>),
    Lz4 { decoder: Box<FrameDecoder<Input>>, legacy: bool },
}

pub(crate) struct Step {
    pub(crate) made: usize,
    pub(crate) state: State,
}

pub(crate) enum State {
    Going,
    /// The member is whole.
    Ended,
    /// The input ended within the member.
    Starved,
    TooLarge(String),
    Broken(String),
}

/// What a decoder says of one call: bytes used and made, and how it stands.
struct Turn {
    used: usize,
    made: usize,
    state: State,
}

impl Engine {
    /// A decoder for the member that begins so.
    pub(crate) fn new(codec: Codec, beginning: &[u8]) -> Result<Self> {
        let failed = |error: &dyn std::fmt::Display| no_decoder(codec, error);
        Ok(match codec {
            // Nobody asks for a decoder of plain bytes.
            Codec::Gz | Codec::Plain => Engine::Gz(Box::new(Decompress::new_gzip(15))),
            Codec::Zst => {
                let mut decoder = Zstd::new().map_err(|e| failed(&e))?;
                decoder.set_parameter(DParameter::WindowLogMax(ZST_WINDOW_LOG)).map_err(|e| failed(&e))?;
                Engine::Zst { decoder: Box::new(decoder), hint: 5 }
            }
            Codec::Xz => Engine::Xz(liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, 0).map_err(|e| failed(&e))?),
            Codec::Bz2 => Engine::Bz2(Box::new(bzip2::Decompress::new(false))),
            Codec::Lz4 => Engine::Lz4 {
                decoder: Box::new(FrameDecoder::new(Input::nothing())),
                legacy: beginning.starts_with(b"\x02\x21\x4c\x18"),
            },
        })
    }

    /// Decodes some bytes. Reads on only when the decoder has nothing more to give.
    pub(crate) fn step(&mut self, input: &mut Input, into: &mut [u8]) -> Result<Step> {
        if let Engine::Lz4 { decoder, legacy } = self {
            return lz4(decoder, *legacy, input, into);
        }
        loop {
            let turn = self.turn(input.held(), into);
            input.consume(turn.used);
            let idle = turn.made == 0 && turn.used == 0 && matches!(turn.state, State::Going);
            if !idle {
                return Ok(Step { made: turn.made, state: turn.state });
            }
            if input.ended {
                let stuck = State::Broken("the decoder makes no progress".into());
                return Ok(Step { made: 0, state: if input.held().is_empty() { State::Starved } else { stuck } });
            }
            input.more()?;
        }
    }

    fn turn(&mut self, bytes: &[u8], into: &mut [u8]) -> Turn {
        match self {
            Engine::Gz(decoder) => gz(decoder, bytes, into),
            Engine::Zst { decoder, hint } => zst(decoder, hint, bytes, into),
            Engine::Xz(decoder) => xz(decoder, bytes, into),
            Engine::Bz2(decoder) => bz2(decoder, bytes, into),
            Engine::Lz4 { .. } => Turn { used: 0, made: 0, state: State::Going },
        }
    }
}

fn gz(decoder: &mut Decompress, bytes: &[u8], into: &mut [u8]) -> Turn {
    let (used, made) = (decoder.total_in(), decoder.total_out());
    let state = match decoder.decompress(bytes, into, FlushDecompress::None) {
        Ok(flate2::Status::StreamEnd) => State::Ended,
        Ok(flate2::Status::Ok | flate2::Status::BufError) => State::Going,
        Err(error) => State::Broken(error.to_string()),
    };
    Turn { used: (decoder.total_in() - used) as usize, made: (decoder.total_out() - made) as usize, state }
}

/// Never gives more than the decoder asks for, which is a block: what an error finds in hand is lost.
fn zst(decoder: &mut Zstd<'_>, hint: &mut usize, bytes: &[u8], into: &mut [u8]) -> Turn {
    let bytes = &bytes[..bytes.len().min(*hint)];
    match decoder.run_on_buffers(bytes, into) {
        Ok(status) => {
            *hint = status.remaining.max(1);
            let state = if status.remaining == 0 { State::Ended } else { State::Going };
            Turn { used: status.bytes_read, made: status.bytes_written, state }
        }
        Err(error) => {
            let what = error.to_string();
            let large = what.contains("too much memory");
            Turn { used: 0, made: 0, state: if large { State::TooLarge(what) } else { State::Broken(what) } }
        }
    }
}

fn xz(decoder: &mut liblzma::stream::Stream, bytes: &[u8], into: &mut [u8]) -> Turn {
    use liblzma::stream::{Action, Error, Status};
    let (used, made) = (decoder.total_in(), decoder.total_out());
    let state = match decoder.process(bytes, into, Action::Run) {
        Ok(Status::StreamEnd) => State::Ended,
        Ok(Status::Ok | Status::GetCheck | Status::MemNeeded) => State::Going,
        Err(Error::MemLimit | Error::Mem) => State::TooLarge("more than 256 MiB would be needed".into()),
        Err(error) => State::Broken(error.to_string()),
    };
    Turn { used: (decoder.total_in() - used) as usize, made: (decoder.total_out() - made) as usize, state }
}

fn bz2(decoder: &mut bzip2::Decompress, bytes: &[u8], into: &mut [u8]) -> Turn {
    let (used, made) = (decoder.total_in(), decoder.total_out());
    let state = match decoder.decompress(bytes, into) {
        Ok(bzip2::Status::StreamEnd) => State::Ended,
        Ok(bzip2::Status::MemNeeded) => State::TooLarge("no memory for a block".into()),
        Ok(_) => State::Going,
        Err(error) => State::Broken(error.to_string()),
    };
    Turn { used: (decoder.total_in() - used) as usize, made: (decoder.total_out() - made) as usize, state }
}

/// The frame decoder pulls its input itself, so it is lent the input for the length of a call.
fn lz4(decoder: &mut FrameDecoder<Input>, legacy: bool, input: &mut Input, into: &mut [u8]) -> Result<Step> {
    input.wanted = None;
    std::mem::swap(input, decoder.get_mut());
    let read = decoder.read(into);
    std::mem::swap(input, decoder.get_mut());
    let (made, state) = match read {
        // Only legacy frames end with the file: where a block's length, four bytes, was looked for.
        Ok(0) => match input.wanted {
            None => (0, State::Ended),
            Some(4) if legacy => (0, State::Ended),
            Some(_) => (0, State::Starved),
        },
        Ok(made) => (made, State::Going),
        Err(error) => match input.failed.take() {
            Some(failed) => return Err(failed),
            None if error.kind() == std::io::ErrorKind::UnexpectedEof => (0, State::Starved),
            None => (0, State::Broken(error.to_string())),
        },
    };
    Ok(Step { made, state })
}
