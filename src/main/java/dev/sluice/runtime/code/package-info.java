/**
 * Code and layers on disk: uploads, what lies in the working tree and is loaded again when it changes.
 *
 * <p>{@link dev.sluice.runtime.code.CodeStore} first. An upload: {@code ArchiveWriter}, {@code UploadedZip}, {@code UnpackedArchive}. The working
 * tree: {@code LocalCode} and its kinds, which compare what they see ({@code TreeSnapshot}, {@code DirectorySnapshot}) until it is quiet. Layers alike:
 * {@code Layers}, {@code LocalLayers}, {@code LayerStack}. {@code CodeWatch} tells who waits for code.
 */
package dev.sluice.runtime.code;
