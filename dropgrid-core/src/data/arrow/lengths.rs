//! The lengths that an Arrow file states of its parts, looked at before any of them is read: the reader allocates what
//! they say, and an allocation that fails ends the process.

use std::io::{self, Read, Seek, SeekFrom};

use arrow_ipc::{Block, MessageHeader, RecordBatch, root_as_footer, root_as_message};

/// The mark that begins a message.
const CONTINUATION: u32 = u32::MAX;

/// The first bytes of a file and its last ones, and the length of its first ones with padding.
const MAGIC: &[u8] = b"ARROW1";

/// Looks at the lengths of a file, and of a stream otherwise. What else is wrong with it is for the reader to find.
///
/// # Errors
/// The reason why a length cannot be right.
pub(super) fn check(file: &mut (impl Read + Seek), is_file: bool) -> Result<(), String> {
    let checked = if is_file { of_file(file) } else { of_stream(file) };
    checked.unwrap_or(Ok(()))
}

/// The outer error says that the walk met the end, or what the reader will not take either.
type Walk = io::Result<Result<(), String>>;

fn of_file(file: &mut (impl Read + Seek)) -> Walk {
    let len = file.seek(SeekFrom::End(0))?;
    let tail = MAGIC.len() as u64 + 4;
    file.seek(SeekFrom::Start(len.saturating_sub(tail)))?;
    let footer_len = u64::from(number(file)?);
    if footer_len > len.saturating_sub(tail) {
        return Ok(Err(format!("its footer says that it has {footer_len} bytes, and the file has {len}")));
    }
    file.seek(SeekFrom::Start(len - tail - footer_len))?;
    let footer = bytes(file, footer_len)?;
    let Ok(footer) = root_as_footer(&footer) else { return Ok(Ok(())) };
    let blocks = footer.dictionaries().into_iter().flatten().chain(footer.recordBatches().into_iter().flatten());
    for block in blocks {
        let (offset, metadata, body) = (block.offset(), i64::from(block.metaDataLength()), block.bodyLength());
        let end = [metadata, body].iter().try_fold(offset, |sum, part| sum.checked_add(*part));
        if [offset, metadata, body].iter().any(|part| *part < 0) || end.is_none_or(|end| end.cast_unsigned() > len) {
            return Ok(Err(format!("a batch is said to have {body} bytes from {offset} on, and the file has {len}")));
        }
        if let Err(fault) = of_block(file, block)? {
            return Ok(Err(fault));
        }
    }
    Ok(Ok(()))
}

fn of_block(file: &mut (impl Read + Seek), block: &Block) -> Walk {
    let (start, metadata) = (block.offset().cast_unsigned(), u64::from(block.metaDataLength().cast_unsigned()));
    file.seek(SeekFrom::Start(start))?;
    let bytes = bytes(file, metadata)?;
    // Older files have no mark before the length.
    let skipped = if bytes.starts_with(&CONTINUATION.to_le_bytes()) { 8 } else { 4 };
    of_message(file, bytes.get(skipped..).unwrap_or_default(), start + metadata).map(|found| found.map(drop))
}

fn of_stream(file: &mut (impl Read + Seek)) -> Walk {
    let len = file.seek(SeekFrom::End(0))?;
    let mut at = 0;
    loop {
        file.seek(SeekFrom::Start(at))?;
        let mut metadata = number(file)?;
        at += 4;
        if metadata == CONTINUATION {
            metadata = number(file)?;
            at += 4;
        }
        if metadata == 0 {
            return Ok(Ok(()));
        }
        if u64::from(metadata) > len - at {
            return Ok(Err(format!("a message says that it has {metadata} bytes, and the stream has {len}")));
        }
        let bytes = bytes(file, metadata.into())?;
        at += u64::from(metadata);
        match of_message(file, &bytes, at)? {
            Ok(body) if body <= len - at => at += body,
            Ok(body) => return Ok(Err(format!("a batch is said to have {body} bytes, and the stream has {len}"))),
            Err(fault) => return Ok(Err(fault)),
        }
    }
}

/// Looks at the compressed parts of a message whose body begins at `body`, and returns the length of the body.
fn of_message(file: &mut (impl Read + Seek), metadata: &[u8], body: u64) -> io::Result<Result<u64, String>> {
    let Ok(message) = root_as_message(metadata) else { return Err(io::ErrorKind::InvalidData.into()) };
    let len = message.bodyLength().max(0).cast_unsigned();
    let batch: Option<RecordBatch<'_>> = match message.header_type() {
        MessageHeader::DictionaryBatch => message.header_as_dictionary_batch().and_then(|batch| batch.data()),
        _ => message.header_as_record_batch(),
    };
    let Some(batch) = batch.filter(|batch| batch.compression().is_some()) else { return Ok(Ok(len)) };
    for buffer in batch.buffers().into_iter().flatten().filter(|buffer| buffer.length() >= 8 && buffer.offset() >= 0) {
        file.seek(SeekFrom::Start(body.saturating_add(buffer.offset().cast_unsigned())))?;
        let mut first = [0; 8];
        file.read_exact(&mut first)?;
        // Below 0 stands that the part is not compressed.
        let plain = usize::try_from(i64::from_le_bytes(first)).unwrap_or(0);
        if Vec::<u8>::new().try_reserve_exact(plain).is_err() {
            return Ok(Err(format!("a compressed part says that it has {plain} bytes, for which there is no memory")));
        }
    }
    Ok(Ok(len))
}

fn number(file: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn bytes(file: &mut impl Read, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}
