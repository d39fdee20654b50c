//! Writing to a path where nothing, a file, a link or something else stands.

use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

#[test]
fn a_file_is_new_or_replaced_whole() {
    let folder = folder();
    let path = folder.path().join("a");
    write(&path, "first").expect("room");
    write(&path, "2").expect("room");
    assert_eq!(read(&path), "2");
    // A name that has as many letters as a name may have.
    write(folder.path().join("n".repeat(255)), "").expect("room");
    assert_eq!(names(folder.path()), ["a".to_owned(), "n".repeat(255)], "nothing is left beside them");

    let nowhere = folder.path().join("no/such/folder");
    assert!(matches!(write(&nowhere, ""), Err(Error::File(FileError::Write { path, .. })) if path == nowhere));
    for no_name in [folder.path().join(".."), PathBuf::from("/")] {
        let error = write(&no_name, "").expect_err("a folder");
        assert!(
            matches!(&error, Error::File(FileError::NotAFile { path, kind: "a folder" }) if *path == no_name),
            "{error}"
        );
    }
    let error = write(folder.path(), "").expect_err("a folder").to_string();
    assert_eq!(error, format!("cannot write {}: a folder stands there, expected a file", folder.path().display()));
    assert!(write("", "").is_err());
}

/// A file that a killed process left behind keeps nobody from writing.
#[test]
fn leftovers_do_not_matter() {
    let folder = folder();
    let path = folder.path().join("model");
    let left: Vec<PathBuf> = (0..3).map(|_| create(folder.path(), false).expect("room").0).collect();
    let old = folder.path().join(format!(".model.{}-0.part", std::process::id()));
    fs::write(&old, "half").expect("room");
    for number in 0..20 {
        write(&path, number.to_string()).expect("room");
    }
    assert_eq!(read(&path), "19");
    assert_eq!(names(folder.path()).len(), left.len() + 2);
}

#[test]
fn writers_at_once_do_not_meet() {
    let folder = folder();
    let path = folder.path().join("model");
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let path = &path;
            scope.spawn(move || (0..20).for_each(|_| write(path, writer.to_string().repeat(1000)).expect("room")));
        }
    });
    let text = read(&path);
    assert!(text.len() == 1000 && text.chars().all(|letter| text.starts_with(letter)));
    assert_eq!(names(folder.path()), ["model"]);
}

#[cfg(unix)]
mod unix {
    use std::{
        os::unix::{
            fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink},
            net::UnixListener,
        },
        process::Command,
        thread,
    };

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("a file").mode() & 0o7777
    }

    #[test]
    fn permissions_stay() {
        let folder = folder();
        let path = folder.path().join("a");
        fs::write(&path, "plain").expect("room");
        let by_umask = mode(&path);
        for wanted in [0o600, 0o640, 0o755, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(wanted)).expect("a file of ours");
            write(&path, "new").expect("room");
            assert_eq!((mode(&path), read(&path).as_str()), (wanted, "new"));
        }
        let new = folder.path().join("b");
        write(&new, "new").expect("room");
        assert_eq!(mode(&new), by_umask);
    }

    /// A file that may not be written is not replaced either; nobody keeps the superuser from it.
    #[test]
    fn a_protected_file_stays() {
        let folder = folder();
        let path = folder.path().join("a");
        fs::write(&path, "old").expect("room");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("a file of ours");
        let may = OpenOptions::new().write(true).open(&path).is_ok();
        assert_eq!(write(&path, "new").is_ok(), may);
        assert_eq!((mode(&path), read(&path).as_str()), (0o444, if may { "new" } else { "old" }));
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn links_stay_and_lead_to_the_new_contents() {
        let folder = folder();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("models")).expect("a folder");
        fs::write(at("models/real"), "old").expect("room");
        // Relative to the folder of the link, over another link, to what is not there yet, and in a circle.
        symlink("models/real", at("one")).expect("a link");
        symlink(at("one"), at("two")).expect("a link");
        symlink("models/new", at("dangling")).expect("a link");
        symlink("circle", at("circle")).expect("a link");
        write(at("two"), "new").expect("room");
        assert_eq!((read(&at("models/real")), read(&at("one"))), ("new".to_owned(), "new".to_owned()));
        write(at("dangling"), "made").expect("room");
        assert_eq!(read(&at("models/new")), "made");
        assert!(matches!(write(at("circle"), ""), Err(Error::File(FileError::Write { .. }))));
        for link in ["one", "two", "dangling", "circle"] {
            assert!(fs::symlink_metadata(at(link)).expect("a link").is_symlink(), "{link}");
        }
        assert_eq!(names(&at("models")), ["new", "real"]);
        assert_eq!(names(folder.path()), ["circle", "dangling", "models", "one", "two"]);
    }

    #[test]
    fn a_pipe_is_written_to_and_stays() {
        let folder = folder();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
        let reader = {
            let pipe = pipe.clone();
            thread::spawn(move || read(&pipe))
        };
        write(&pipe, "through").expect("a reader");
        assert_eq!(reader.join().expect("a reader"), "through");
        assert!(fs::symlink_metadata(&pipe).expect("a pipe").file_type().is_fifo());
        assert_eq!(names(folder.path()), ["pipe"]);
    }

    #[test]
    fn a_socket_is_refused_and_stays() {
        let folder = folder();
        let socket = folder.path().join("socket");
        let _listener = UnixListener::bind(&socket).expect("a socket");
        let error = write(&socket, "x").expect_err("no file");
        assert!(matches!(error, Error::File(FileError::NotAFile { kind: "a socket", .. })), "{error}");
        assert!(fs::symlink_metadata(&socket).expect("a socket").file_type().is_socket());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_device_is_written_to_and_stays() {
        let folder = folder();
        let link = folder.path().join("null");
        symlink("/dev/null", &link).expect("a link");
        write(&link, "gone").expect("a device that takes all");
        assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
        let error = write("/dev/full", "x").expect_err("a full device");
        assert!(
            matches!(&error, Error::File(FileError::Write { source, .. }) if source.kind() == ErrorKind::StorageFull),
            "{error}"
        );
        assert!(fs::metadata("/dev/full").expect("a device").file_type().is_char_device());
    }

    /// A shell has opened `x.csv` for this process: a file in its place would be seen by nobody who has it open.
    #[test]
    #[cfg(target_os = "linux")]
    fn an_open_file_is_written_to_in_place() {
        use std::os::fd::AsRawFd;

        let folder = folder();
        let path = folder.path().join("x.csv");
        let open = File::create_new(&path).expect("room");
        let number = fs::metadata(&path).expect("a file").ino();
        for place in ["/proc/self/fd", "/dev/fd"] {
            write(Path::new(place).join(open.as_raw_fd().to_string()), "a,b\n").expect("room");
        }
        assert_eq!(read(&path), "a,b\na,b\n");
        assert_eq!(fs::metadata(&path).expect("a file").ino(), number);
    }

    /// In this file system nobody makes a file, the superuser neither.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_folder_that_takes_no_file_is_an_error() {
        let path = Path::new("/sys/kernel/dropgrid-test");
        assert!(matches!(write(path, "x"), Err(Error::File(FileError::Write { .. }))));
        assert!(!path.exists());
    }
}
