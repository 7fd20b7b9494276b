package dev.sluice.fault;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;

/** What is wrong with a file, in the user's words? The messages of some exceptions are a bare file name. Stateless, thread-safe. */
public final class FileFailure {

    private FileFailure() {
    }

    /** As a part of a sentence, naming the file where the exception does. */
    public static String inWords(Throwable e) {
        if (e instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
            return ((FileSystemException) e).getFile() + " is not a directory";
        }
        if (e instanceof NoSuchFileException missing && missing.getReason() == null) {
            return missing.getFile() + " doesn't exist";
        }
        if (e instanceof DirectoryNotEmptyException full) {
            return full.getFile() + " is a directory with something in it";
        }
        if (e instanceof ReadOnlyFileSystemException) {
            return "its file system can only be read";
        }
        if (e instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + " can't be used";
        }
        return e.getMessage() == null ? "it can't be read or written" : e.getMessage();
    }

    /** Of an exception that may only hand on another one: its own sentence where it has one. */
    public static String sentence(Exception e) {
        Throwable cause = e.getCause();
        boolean ownWords = e.getMessage() != null && (cause == null || !e.getMessage().equals(cause.toString()));
        return ownWords ? e.getMessage() : cause instanceof IOException ? inWords(cause) : "a file can't be read or written";
    }
}
