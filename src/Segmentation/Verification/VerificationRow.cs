namespace Pipeline.Segmentation.Verification;

/// <summary>One expected tensor (or value) and how close this build came.</summary>
/// <param name="Group">Such as <c>llama</c>.</param>
/// <param name="Tensor">Name in the golden file; a file name when that cannot be read.</param>
/// <param name="Shape">Expected shape; empty when unknown.</param>
/// <param name="MaxAbsError">Largest absolute difference; null when nothing could be compared.</param>
/// <param name="Tolerance">Largest difference that passes; 0 for exact.</param>
/// <param name="Passed">Within the tolerance, and of the right shape.</param>
/// <param name="Message">What is wrong, or a remark; empty when there is nothing to say.</param>
public sealed record VerificationRow(
    string Group, string Tensor, IReadOnlyList<long> Shape, double? MaxAbsError, double Tolerance, bool Passed, string Message);
