//! Looks into compound files (MS-CFB), in which old binary workbooks lie, and workbooks and documents with a password.
//! Follows no chain longer than the file, and gives what is there of a file that is cut short.

/// Ends a chain of sectors; larger numbers are no sectors either.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;

/// A compound file in memory.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    /// The next sector of each.
    next: Vec<u32>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    is_root: bool,
    start: u32,
    bytes: usize,
}

impl<'a> Compound<'a> {
    /// Reads the tables; nothing if it is no compound file.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let sector_bytes = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector_bytes, next: Vec::new(), entries: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|index| u32_at(bytes, 76 + 4 * index)).collect();
        // Larger files list the sectors of their table in further sectors, each of which ends with the next.
        let (mut more, mut left) = (u32_at(bytes, 68)?, bytes.len() / sector_bytes);
        while more < LAST_SECTOR && left > 0 {
            let mut listed = numbers(file.sector(more)?);
            more = listed.pop()?;
            tables.extend(listed);
            left -= 1;
        }
        tables.retain(|sector| *sector < LAST_SECTOR);
        tables.truncate(bytes.len() / sector_bytes + 1);
        file.next = tables.iter().filter_map(|sector| file.sector(*sector)).flat_map(numbers).collect();
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX);
        file.entries = directory.chunks_exact(ENTRY_BYTES).filter_map(Entry::read).collect();
        Some(file)
    }

    /// Whether there is a stream of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// The bytes of a stream.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        const MINI_BYTES: usize = 64;
        let entry = self.entries.iter().find(|entry| entry.name == name && !entry.is_root)?;
        let cutoff = usize::try_from(u32_at(self.bytes, 56)?).ok()?;
        if entry.bytes >= cutoff {
            return Some(self.chain(entry.start, entry.bytes));
        }
        // Short streams lie together in one that the root names, in small sectors with a table of their own.
        let root = self.entries.iter().find(|entry| entry.is_root)?;
        let mini = self.chain(root.start, root.bytes);
        let next = numbers(&self.chain(u32_at(self.bytes, 60)?, usize::MAX));
        let (mut stream, mut sector) = (Vec::new(), entry.start);
        while sector < LAST_SECTOR && stream.len() < entry.bytes {
            let at = usize::try_from(sector).ok()?;
            stream.extend_from_slice(mini.get(at * MINI_BYTES..)?.get(..MINI_BYTES)?);
            sector = *next.get(at)?;
        }
        stream.truncate(entry.bytes);
        Some(stream)
    }

    fn sector(&self, sector: u32) -> Option<&'a [u8]> {
        let start = HEADER_BYTES
            .max(self.sector_bytes)
            .checked_add(usize::try_from(sector).ok()?.checked_mul(self.sector_bytes)?)?;
        let end = start.saturating_add(self.sector_bytes).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The sectors of a chain together, at most so many bytes.
    fn chain(&self, start: u32, most: usize) -> Vec<u8> {
        let (mut all, mut sector) = (Vec::new(), start);
        let most = most.min(self.bytes.len());
        while sector < LAST_SECTOR && all.len() < most {
            let Some(bytes) = self.sector(sector) else { break };
            all.extend_from_slice(bytes);
            let next = usize::try_from(sector).ok().and_then(|at| self.next.get(at));
            sector = next.copied().unwrap_or(LAST_SECTOR);
        }
        all.truncate(most);
        all
    }
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        let length = usize::from(u16_at(bytes, 64)?).saturating_sub(2).min(62);
        let units: Vec<u16> =
            bytes[..length].chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
        Some(Self {
            name: String::from_utf16_lossy(&units),
            is_root: bytes[66] == 5,
            start: u32_at(bytes, 116)?,
            bytes: usize::try_from(u32_at(bytes, 120)?).ok()?,
        })
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]])).collect()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
