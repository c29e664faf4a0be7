"""From a case to advice: facts, three-valued conditions, findings, verdict, reasons."""
