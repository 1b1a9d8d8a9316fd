-- What of the files does not count although it can be read: superseded by a later load.
CREATE OR REPLACE TABLE left_out_part AS
SELECT file_id, combination_id, period FROM line_part WHERE superseded
