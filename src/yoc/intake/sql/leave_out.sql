-- The lines of files that are refused whole are taken out, before it is decided which loads are the latest.
CREATE OR REPLACE TABLE loaded_line AS
SELECT * FROM loaded_line WHERE file_id NOT IN (SELECT file_id FROM refused_file)
