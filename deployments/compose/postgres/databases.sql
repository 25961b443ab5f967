-- Run once, when the server's folder is empty. Prefect's own database stands beside the content's, and needs pg_trgm.
CREATE DATABASE prefect;
\connect prefect
CREATE EXTENSION IF NOT EXISTS pg_trgm;
