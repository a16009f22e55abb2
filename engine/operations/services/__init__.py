"""What the house runs on (database, cache, bus, search, files), and changing one of them without losing anything."""
