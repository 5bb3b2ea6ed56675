"""AAC, AAP and CPC dossiers, from draft to decision, order and dispensing."""
