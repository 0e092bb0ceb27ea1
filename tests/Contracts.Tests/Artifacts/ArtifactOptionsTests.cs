using System.ComponentModel.DataAnnotations;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.Contracts.Tests.Artifacts;

public sealed class ArtifactOptionsTests
{
    private const string Connection = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5;EndpointSuffix=core.windows.net";

    [Fact]
    public void One_place_is_right()
    {
        FaultsOf(new() { Folder = "artifacts" }).ShouldBeEmpty();
        FaultsOf(new() { Blob = { Connection = Connection } }).ShouldBeEmpty();
        FaultsOf(new() { Blob = { Uri = new Uri("https://a.blob.core.windows.net/c?sig=x") } }).ShouldBeEmpty();
    }

    [Fact]
    public void No_place_and_two_places_are_refused_with_the_names_of_all()
    {
        FaultsOf(new()).ShouldHaveSingleItem().ShouldBe(
            "One of Artifacts:Folder, Artifacts:Blob:Connection, Artifacts:Blob:ConnectionFile or Artifacts:Blob:Uri is missing; give the place that the orchestrator and all workers share.");
        FaultsOf(new() { Folder = "artifacts", Blob = { Connection = Connection } }).ShouldHaveSingleItem().ShouldStartWith("2 of Artifacts:Folder, ");
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("AccountName=a;AccountKey=Secret=")]
    public void A_wrong_connection_string_is_refused_and_not_repeated(string connection)
    {
        var fault = FaultsOf(new() { Blob = { Connection = connection } }).ShouldHaveSingleItem();

        fault.ShouldStartWith("Artifacts:Blob:Connection is no connection string");
        fault.ShouldNotContain("Secret");
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("a--b")]
    [InlineData("ab")]
    [InlineData("../x")]
    public void A_name_that_no_container_can_have_is_refused(string container) =>
        FaultsOf(new() { Blob = { Connection = Connection, Container = container } }).ShouldHaveSingleItem().ShouldStartWith("Artifacts:Blob:Container is ");

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        FaultsOf(new() { Blob = { ConnectionFile = "/nowhere/connection" } }).ShouldHaveSingleItem().ShouldContain("there is no file /nowhere/connection");

    private static string[] FaultsOf(ArtifactOptions options) =>
        [.. options.Validate(new ValidationContext(options)).Select(fault => fault.ErrorMessage!)];
}
