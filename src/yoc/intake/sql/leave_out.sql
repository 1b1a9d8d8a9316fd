-- The lines of files that are refused whole are taken out, before it is decided which loads are the latest.
DELETE FROM loaded_line WHERE file_id IN (SELECT file_id FROM refused_file)
