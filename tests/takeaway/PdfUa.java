// Holds each PDF named against PDF/UA-1 by veraPDF, and prints a line for each rule it breaks: file, rule, what it asks.
// A file that breaks none has one line, of its name and the number of its checks.

import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class PdfUa {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            try (PDFAParser pdf = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1)) {
                tell(file, Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false).validate(pdf));
            }
        }
    }

    private static void tell(String file, ValidationResult result) {
        for (TestAssertion each : result.getTestAssertions()) {
            if (each.getStatus() == TestAssertion.Status.FAILED) {
                String rule = each.getRuleId().getClause() + "-" + each.getRuleId().getTestNumber();
                System.out.println(file + "\t" + rule + "\t" + each.getMessage());
            }
        }
        if (result.isCompliant()) {
            System.out.println(file + "\t" + result.getTotalAssertions());
        }
    }
}
