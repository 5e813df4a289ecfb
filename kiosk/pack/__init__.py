"""What staff write: a folder of plain files that becomes a Pack."""
