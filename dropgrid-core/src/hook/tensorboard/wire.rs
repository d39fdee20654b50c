//! Fields of protocol buffers, and the frames of event files.

/// A protobuf field of eight bytes.
pub(super) fn double(to: &mut Vec<u8>, field: u8, number: f64) {
    to.push(field << 3 | 1);
    to.extend_from_slice(&number.to_le_bytes());
}

/// A protobuf field of counted bytes: a string or a message.
pub(super) fn bytes(to: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    to.push(field << 3 | 2);
    varint(to, bytes.len() as u64);
    to.extend_from_slice(bytes);
}

pub(super) fn varint(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// A record with its frame: the length, the length's checksum, the data, the data's checksum.
pub(super) fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &checksum(&length), data, &checksum(data)].concat()
}

/// CRC-32C, rotated and moved as TFRecord does, so that data with checksums in it has another.
fn checksum(data: &[u8]) -> [u8; 4] {
    let crc = data.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ (0x82f6_3b78 & 0_u32.wrapping_sub(crc & 1)))
    });
    (!crc).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::checksum;

    #[test]
    fn crc_32c_is_that_of_rfc_3720() {
        let unmasked = |data: &[u8]| u32::from_le_bytes(checksum(data)).wrapping_sub(0xa282_ead8).rotate_left(15);
        assert_eq!(unmasked(&[0; 32]), 0x8a91_36aa);
        assert_eq!(unmasked(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(unmasked(b"123456789"), 0xe306_9283);
    }
}
